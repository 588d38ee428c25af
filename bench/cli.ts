/** The command line as a user runs it: a process of its own, from the compiled package. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Bench } from "./bench.js";

export type CliRun = {
  /** of the whole command, from its start as a process to its end */
  readonly seconds: number;
  readonly peakBytes: number;
  readonly stdout: string;
};

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const PEAK_MEMORY = new URL("./peak-memory.js", import.meta.url).href;

/** Throws with the last of what it said when it does not end with 0. */
export async function changeover(bench: Bench, url: string, args: readonly string[]): Promise<CliRun> {
  const peakFile = join(bench.directory, "peak-memory");
  const began = performance.now();
  const child = spawn(process.execPath, ["--import", PEAK_MEMORY, MAIN, "--quiet", ...args], {
    cwd: bench.directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: url, BENCH_PEAK_MEMORY: peakFile },
  });
  const end = () => child.kill("SIGKILL");
  bench.signal.addEventListener("abort", end, { once: true });
  const [stdout, stderr] = [child.stdout, child.stderr].map(collect);
  const [code] = await once(child, "close");
  const seconds = (performance.now() - began) / 1000;
  bench.signal.removeEventListener("abort", end);
  if (code !== 0)
    throw new Error(`changeover ${args.join(" ")} ended with ${code}:\n${`${stdout?.()}${stderr?.()}`.slice(-2000)}`);
  return { seconds, peakBytes: Number(await readFile(peakFile, "utf8")), stdout: stdout?.() ?? "" };
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** The one plan that the folder holds from now on. */
export async function writePlan(bench: Bench, slug: string, yaml: string): Promise<void> {
  const plans = join(bench.directory, "plans");
  await rm(plans, { recursive: true, force: true });
  await mkdir(join(plans, `0001-${slug}`), { recursive: true });
  await writeFile(join(plans, `0001-${slug}`, "change.yaml"), yaml);
}
