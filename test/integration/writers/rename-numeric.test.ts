/** A numeric column: values that are equal and not the same (1.5, 1.50) have to arrive as they were written. */
import { useWriters } from "../../support/writers/bench.js";
import { RENAME_NUMERIC } from "../../support/writers/variant.js";
import { renameWays } from "./ways.js";

renameWays(useWriters(RENAME_NUMERIC), "confirm", { early: false });
