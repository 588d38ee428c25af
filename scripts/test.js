#!/usr/bin/env node
/**
 * Runs the tests: on PostgreSQL 14 and 18, or with --all on 14 to 18 and with the long suites; with --prove the enumerated
 * suites alone, on 14 and 18. Everything else on the command line goes to vitest. The last line is `N passed, N failed`, also
 * where vitest itself dies.
 *
 * vitest gets a process group and a temporary directory of its own, so that whatever ends this run (Ctrl-C, SIGTERM), no
 * process and no file of it stays behind.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const GRACE_MS = 15_000;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const all = process.argv.includes("--all");
const prove = process.argv.includes("--prove");
const ENUMERATED = ["test/crash/every-statement"];
const given = process.argv.slice(2).filter((argument) => argument !== "--all" && argument !== "--prove");
const args = prove ? [...ENUMERATED, ...given] : given;

const temporary = mkdtempSync(join(tmpdir(), "changeover-test-"));
// The servers may run as another user, and make their directories here.
chmodSync(temporary, 0o1777);
const results = join(temporary, "results.json");

let interrupted = null;
const vitest = startVitest();
for (const signal of Object.keys(EXIT_CODES)) process.on(signal, () => interrupt(signal));

const code = await new Promise((resolve) => {
  vitest.once("error", (error) => resolve(`vitest did not start: ${error.message}`));
  vitest.once("exit", (status, signal) => resolve(signal === null ? status : `vitest was ended by ${signal}`));
});
if (typeof code === "string" && interrupted === null) process.stderr.write(`${code}\n`);
await endGroup();
const summary = summarize(readResults(), code === 0 && interrupted === null);
await cleanUp();
process.stdout.write(`${summary.line}\n`);
process.exitCode = interrupted === null ? summary.exitCode : EXIT_CODES[interrupted];

function startVitest() {
  const entry = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  return spawn(process.execPath, [entry, "run", ...reporters, ...args], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      TMPDIR: temporary,
      PG_MAJORS: all ? "14,15,16,17,18" : (process.env.PG_MAJORS ?? "14,18"),
      ...(all ? { CHANGEOVER_LONG: "1" } : {}),
      ...(prove ? { CHANGEOVER_PROVE: "1" } : {}),
    },
  });
}

/** The first signal asks vitest to end, a second one (or the end of our patience) ends it. */
function interrupt(signal) {
  if (interrupted !== null) {
    signalGroup("SIGKILL");
    return;
  }
  interrupted = signal;
  vitest.kill("SIGTERM");
  setTimeout(() => signalGroup("SIGKILL"), GRACE_MS).unref();
}

/** Workers, and what tests started, if vitest could not end them itself. They may clean up, but not for long. */
async function endGroup() {
  const deadline = Date.now() + GRACE_MS / 3;
  signalGroup("SIGTERM");
  while (signalGroup(0) && Date.now() < deadline) await sleep(100);
  signalGroup("SIGKILL");
}

/** False when nobody is left in the group. */
function signalGroup(signal) {
  try {
    return process.kill(-vitest.pid, signal);
  } catch {
    return false;
  }
}

function readResults() {
  try {
    return JSON.parse(readFileSync(results, "utf8"));
  } catch {
    return null;
  }
}

/** A run that went wrong without a failed test (a file that does not load, a server that does not start) counts as one. */
function summarize(report, wentWell) {
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const unloaded =
    report?.testResults.filter((file) => file.status === "failed" && !file.assertionResults.some(hasFailed)) ?? [];
  const counted = (report?.numFailedTests ?? 0) + unloaded.length;
  const failed = wentWell ? counted : Math.max(counted, 1);
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return { line, exitCode: failed > 0 ? 1 : 0 };
}

function hasFailed(test) {
  return test.status === "failed";
}

/** Servers remove their own directories; what tests left behind goes with ours. */
async function cleanUp() {
  const deadline = Date.now() + GRACE_MS;
  while (readdirSync(temporary).some((name) => name.startsWith("changeover-pg-"))) {
    if (Date.now() > deadline) {
      process.stderr.write(`A PostgreSQL server of this run did not end: ${temporary}\n`);
      break;
    }
    await sleep(50);
  }
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
}
