/** Whatever ends the process that started a server, the server's processes and its directory end with it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, runScript, runs, until } from "../../support/child.js";
import { type Compiled, compile } from "../../support/compiled.js";

let compiled: Compiled;
/** the TMPDIR of the children: what is left in it is what a server left behind */
let temporary: string;
const children: Child[] = [];

beforeAll(async () => {
  compiled = await compile(["db/embedded.ts"], ["db/embedded.sh"]);
  temporary = await mkdtemp(join(tmpdir(), "changeover-lifetime-"));
  // As root the server runs as another user, who must be able to write here.
  await chmod(temporary, 0o1777);
});

afterAll(async () => {
  for (const child of children) child.process.kill("SIGKILL");
  await compiled.remove();
  await rm(temporary, { recursive: true, force: true });
});

/** A child that starts a server, says "up <directory> <postmaster's pid>", and goes on with `then`. */
function start(then: string, leader = false): Child {
  const child = runScript(
    `import { startEmbedded } from ${JSON.stringify(compiled.url("db/embedded.js"))};
     import { readFileSync } from "node:fs";
     const forever = () => setInterval(() => undefined, 1000);
     const server = await startEmbedded({ settings: { fsync: "off" } });
     console.log("up", server.directory, readFileSync(server.directory + "/data/postmaster.pid", "utf8").split("\\n")[0]);
     ${then}`,
    { env: { TMPDIR: temporary }, leader },
  );
  children.push(child);
  return child;
}

async function up(child: Child): Promise<{ directory: string; pid: number }> {
  const [directory = "", pid] = (await child.line("up")).split(" ");
  expect(Number(pid)).toBeGreaterThan(1);
  return { directory, pid: Number(pid) };
}

async function gone(server: { directory: string; pid: number }): Promise<void> {
  await until(() => !runs(server.pid) && !existsSync(server.directory));
}

describe.concurrent("the server ends with the process that started it", () => {
  it.each(["SIGINT", "SIGTERM", "SIGKILL", "SIGHUP"] as const)("that %s kills", async (signal) => {
    const child = start("forever();");
    const server = await up(child);
    child.process.kill(signal);
    // Nothing of ours handles the signal: it ends the process as it ends any other.
    expect(await child.ended()).toBe(signal);
    await gone(server);
  });

  it.each(["SIGINT", "SIGKILL"] as const)("that %s kills with its whole process group", async (signal) => {
    const child = start("forever();", true);
    const server = await up(child);
    process.kill(-(child.process.pid ?? Number.NaN), signal);
    expect(await child.ended()).toBe(signal);
    await gone(server);
  });

  it("that exits by its own handler, with its own code", async () => {
    const child = start(`process.on("SIGINT", () => process.exit(130)); forever(); console.log("handles");`);
    const server = await up(child);
    await child.line("handles");
    child.process.kill("SIGINT");
    expect(await child.ended()).toBe(130);
    await gone(server);
  });

  it("that throws", async () => {
    const child = start(
      `process.on("uncaughtException", () => process.exit(9)); setTimeout(() => { throw new Error(); });`,
    );
    const server = await up(child);
    expect(await child.ended()).toBe(9);
    await gone(server);
  });

  it("that has nothing more to do, and keeps its exit code", async () => {
    const child = start("process.exitCode = 3;");
    const server = await up(child);
    expect(await child.ended()).toBe(3);
    await gone(server);
  });

  it("that stops it, twice, and then lives on", async () => {
    const child = start(
      `await Promise.all([server.stop(), server.stop()]); await server.stop(); console.log("stopped"); forever();`,
    );
    const { directory, pid } = await up(child);
    await child.line("stopped");
    // stop() waited: there is nothing to wait for.
    expect({ directory: existsSync(directory), process: runs(pid) }).toEqual({
      directory: false,
      process: false,
    });
    child.process.kill();
    await child.ended();
  });

  it("also when the server itself was killed before", async () => {
    const child = start("forever();");
    const server = await up(child);
    process.kill(server.pid, "SIGKILL");
    await until(() => !runs(server.pid));
    child.process.kill("SIGKILL");
    await gone(server);
  });
});

describe("a process that is killed while its server starts", () => {
  // 0.7 s is about what a start takes: these moments lie before, inside and after initdb.
  it.each([40, 120, 250, 400, 550, 700, 850])("leaves nothing: after %i ms", async (ms) => {
    const child = start("forever();");
    await until(() => readdirSync(temporary).length > 0);
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.process.kill("SIGKILL");
    await child.ended();
    await until(() => readdirSync(temporary).length === 0 && serversIn(temporary).length === 0);
  });
});

/** Command lines of processes that mention a directory (where the system shows them). */
function serversIn(directory: string): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })
    .filter((line) => line.includes(directory));
}
