/** Loaded into a process of the command line by `--import`: at its end, its highest resident memory goes to a file. */
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const file = process.env.BENCH_PEAK_MEMORY;
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS * 1024));
});
