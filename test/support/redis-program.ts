/** Where Redis or Valkey is on this machine; undefined: it is not in `PATH`. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export const PROGRAM = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => [join(folder, "redis-server"), join(folder, "valkey-server")])
  .find((file) => existsSync(file));
