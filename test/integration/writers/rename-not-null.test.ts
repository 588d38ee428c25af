/** A NOT NULL column with a default; user triggers are bypassed by the fill. */
import { useWriters } from "../../support/writers/bench.js";
import { RENAME_NOT_NULL } from "../../support/writers/variant.js";
import { renameWays } from "./ways.js";

renameWays(useWriters(RENAME_NOT_NULL), "backfill");
