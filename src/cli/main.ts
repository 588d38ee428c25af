#!/usr/bin/env node
/** The command line: parses, calls one use case, renders its value. The only place that ends the process. */
import { buildProgram } from "./program.js";

const streams = [process.stdout, process.stderr] as const;
let lost: NodeJS.ErrnoException | null = null;
for (const stream of streams)
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Who closes a pipe (`| head -1`, a log collector that died) has read enough: the work goes on to its own end.
    if (error.code !== "EPIPE") lost ??= error;
  });

const code = await buildProgram().run(process.argv);
// Output may still be in a pipe's buffer: exit only once both streams have taken it.
await Promise.all(streams.map((stream) => new Promise<void>((resolve) => stream.write("", () => resolve()))));
process.exit(code === 0 && lost !== null ? 1 : code);
