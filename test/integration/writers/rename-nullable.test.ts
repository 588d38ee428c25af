/** A nullable column with an index, a CHECK and a foreign key, under names that need quotes. */
import { useWriters } from "../../support/writers/bench.js";
import { RENAME_NULLABLE } from "../../support/writers/variant.js";
import { renameWays } from "./ways.js";

renameWays(useWriters(RENAME_NULLABLE), "drop-foreign-keys");
