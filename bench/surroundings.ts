/** Without these a figure says nothing. */
import { execFile } from "node:child_process";
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem } from "node:os";
import { promisify } from "node:util";
import { sql } from "../src/sql/text.js";
import { type Bench, settingsOf } from "./bench.js";

export type Surroundings = {
  readonly at: string;
  readonly server: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly commit: string | null;
  readonly node: string;
  readonly system: string;
  readonly processors: string;
  readonly memoryBytes: number;
  /** type of the file system that holds the data */
  readonly disk: string | null;
  /** of the last minute, before anything was begun: who else is at work here */
  readonly loadAverage: number;
};

export async function surroundings(bench: Bench): Promise<Surroundings> {
  const { version } = await bench.admin.one<{ version: string }>(
    sql`select current_setting('server_version') as version`,
  );
  const dirty = (await said("git", ["status", "--porcelain"])) === "" ? "" : ", changed";
  const commit = await said("git", ["rev-parse", "--short", "HEAD"]);
  return {
    at: new Date().toISOString(),
    server: `PostgreSQL ${version}`,
    settings: settingsOf(bench.options),
    commit: commit === null ? null : `${commit}${dirty}`,
    node: process.version,
    system: `${process.platform} ${release()}`,
    processors: `${availableParallelism()} x ${cpus()[0]?.model ?? "unknown"}`,
    memoryBytes: totalmem(),
    disk: (await said("stat", ["--file-system", "--format=%T", tmpdir()])) || null,
    loadAverage: loadavg()[0] ?? 0,
  };
}

export function renderSurroundings(of: Surroundings, bench: Bench): string {
  const { rows, runs } = bench.options;
  const settings = Object.entries(of.settings).map(([name, value]) => `${name} ${value}`);
  return [
    `${of.server}, ${settings.join(", ")}; the rest as it comes`,
    `${of.processors}, ${Math.round(of.memoryBytes / 2 ** 30)} GB, data on ${of.disk ?? "an unknown file system"}, ${of.system}, Node ${of.node}; load before: ${of.loadAverage.toFixed(1)}`,
    `commit ${of.commit ?? "unknown"}; ${rows.toLocaleString("en-US")} rows, ${runs === 1 ? "one run" : `medians of ${runs} interleaved runs`}`,
    "each run on a fresh copy of the database's files (VACUUM FREEZE, ANALYZE before; CHECKPOINT, buffers cold, the system's cache warm)",
  ].join("\n");
}

/** Null where there is no such program, or it has no answer. */
async function said(program: string, args: readonly string[]): Promise<string | null> {
  return promisify(execFile)(program, [...args]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
