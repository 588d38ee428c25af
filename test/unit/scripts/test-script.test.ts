/** What `scripts/test.js` says at its end, and what it leaves behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runs, until } from "../../support/child.js";

const script = fileURLToPath(new URL("../../../scripts/test.js", import.meta.url));
const config = fileURLToPath(new URL("fixture/vitest.config.ts", import.meta.url));
let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "changeover-script-"));
  await chmod(temporary, 0o1777);
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [script, "--config", config, ...args], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, PG_MAJORS: undefined, CHANGEOVER_LONG: undefined, TMPDIR: temporary, ...env },
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const end = once(child, "close").then(([code]) => ({ code, last: output.trimEnd().split("\n").at(-1) }));
  return { child, end };
}

describe("scripts/test.js", () => {
  it("counts, and its exit code says whether one failed", async () => {
    expect(await start(["mixed.sample"]).end).toEqual({ code: 1, last: "2 passed, 1 failed, 1 skipped" });
  });

  it("takes 14 and 18, and with --all every major and the long suites", async () => {
    expect(await start(["good.sample"], { SAMPLE_EXPECTS: "14,18" }).end).toEqual({
      code: 0,
      last: "2 passed, 0 failed",
    });
    const all = { SAMPLE_EXPECTS: "14,15,16,17,18 1" };
    expect(await start(["--all", "good.sample"], all).end).toEqual({ code: 0, last: "2 passed, 0 failed" });
  });

  it.each([
    ["a file does not load", ["broken.sample"]],
    ["vitest is killed", ["fatal.sample"]],
    ["no test is found", ["there-is-no-such-file"]],
    ["vitest does not know an option", ["--no-such-option", "good.sample"]],
  ])("counts a failure where %s", async (_, args) => {
    expect(await start(args).end).toEqual({ code: 1, last: "0 passed, 1 failed" });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("leaves no server, no process and no directory after %s", async (signal, code) => {
    const { child, end } = start(["endless.sample"], { SAMPLE_SERVER: "1" });
    const [run] = await until(() => {
      // Written a moment after it is there: an empty one would be process 0, which is always there.
      const found = readdirSync(temporary).filter((name) => pidIn(join(temporary, name, "endless")) > 0);
      return found.length > 0 && found;
    });
    const files = join(temporary, String(run));
    const server = readdirSync(files).find((name) => name.startsWith("changeover-pg-"));
    const postmaster = Number(readFileSync(join(files, String(server), "data/postmaster.pid"), "utf8").split("\n")[0]);
    const grandchild = pidIn(join(files, "endless"));
    child.kill(signal);
    expect(await end).toEqual({ code, last: "0 passed, 1 failed" });
    expect(readdirSync(temporary)).toEqual([]);
    expect(runs(postmaster)).toBe(false);
    await until(() => !runs(grandchild));
  });
});

function pidIn(file: string): number {
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
}
