/** A command line that is not right, JSON for those who asked for it, and streams that somebody closed. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Checkout, checkout, everything, expectBlock } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer);
  insert into app.orders select n, n from generate_series(1, 2000) n;
`);

async function folder(): Promise<Checkout> {
  const made = await checkout(() => database.url);
  await made.write(
    "plans/0001-orders/change.yaml",
    "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 0s\n",
  );
  return made;
}

describe("a command line", () => {
  test.each<[string, string[], ...string[]]>([
    ["of an unknown command", ["upgade"], "Unknown command 'upgade'.", "Did you mean upgrade?"],
    ["of an unknown flag", ["status", "--al"], "Unknown option '--al'.", "changeover status --help"],
    ["without its argument", ["plan"], "Missing required argument 'name'."],
    ["with one too many", ["verify", "orders", "users"], "Too many arguments"],
    ["without a required option", ["confirm", "orders"], "--release"],
    ["of an unknown target", ["upgrade", "hed"], '"hed" is no target', "<plan>@head"],
    ["of an unknown phase", ["upgrade", "orders@middle"], '"middle"', "orders@backfill"],
    ["that upgrades to base", ["upgrade", "base"], "where a downgrade goes"],
    ["of an unknown revision", ["show", "abcdef"], "'abcdef'", "changeover history"],
    ["of an unknown kind", ["new", "rename_colum", "x"], "rename_colum", "rename_column, set_not_null"],
    ["with an unknown choice", ["status", "--require", "done"], "expand, dual-write, backfill, contract"],
    ["with a duration without unit", ["upgrade", "--lock-wait", "5"], "5s"],
    ["with a number that is none", ["worker", "--concurrency", "many"], "whole number"],
    ["with a number below one", ["worker", "--concurrency", "0"], "whole number"],
    ["that names neither a plan nor all", ["backfill", "pause"], "--all"],
    ["that names both", ["backfill", "resume", "orders", "--all"], "--all"],
    ["of a plan that has not begun", ["backfill", "pause", "orders"], "has not begun"],
  ])("%s", async (_what, args, ...says) => {
    const made = await folder();
    const before = await everything(database, made);
    expectBlock(await made.run(args), 2, ...says);
    expect(await everything(database, made)).toEqual(before);
  });

  test.each([
    ["upgade", "usage"],
    ["upgrade hed", "usage"],
    ["plan oders", "not-found"],
    ["confirm orders --release v2", "not-found"],
  ])("that is wrong, as JSON: %s", async (line, code) => {
    const ended = await (await folder()).run([...line.split(" "), "--json"]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    // One object, on one line.
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(ended.stderr).error).toMatchObject({ code, exitCode: 2, message: expect.any(String) });
  });

  test("without a command shows the help, and with --json none", async () => {
    const made = await folder();
    const bare = await made.run([]);
    expect(bare.code).toBe(2);
    expect(bare.stderr).toContain("Commands:");
    expect(JSON.parse((await made.run(["--json"])).stderr).error.message).toBe("No command is given.");
  });

  test("that asks for help gets it, with an example for each command", async () => {
    const made = await folder();
    const help = (await made.ok(["--help"])).stdout;
    const names = [...help.matchAll(/^ {2}([a-z]+)[ \n]/gm)].map(([, name]) => name ?? "").filter((n) => n !== "help");
    expect(names.length).toBeGreaterThan(12);
    expect(Math.max(...help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    const commands = [...names.filter((name) => name !== "backfill"), "backfill pause", "backfill resume"];
    const helps = await Promise.all(commands.map((name) => made.ok([...name.split(" "), "--help"])));
    for (const [n, one] of helps.entries()) expect(one.stdout).toMatch(`\n  changeover ${commands[n]}`);
    expect((await made.ok(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test("every read command speaks JSON, and only JSON", async () => {
  const made = await folder();
  const read = async (...args: string[]) => {
    const { stdout, stderr } = await made.ok([...args, "--json"]);
    for (const line of stderr.split("\n").filter((text) => text !== "")) JSON.parse(line);
    return JSON.parse(stdout);
  };
  expect(await read("plan", "orders", "--write")).toMatchObject({ kind: "plan", written: true });
  expect(await read("plan", "orders", "--check")).toMatchObject({ slug: "orders", fits: true });
  expect(await read("upgrade", "head", "--sql")).toMatchObject({ direction: "upgrade", ran: [{}, {}] });
  const { ran } = await read("upgrade", "head");
  expect(ran).toHaveLength(2);
  expect(await read("worker", "--drain")).toMatchObject({ exitCode: 0 });
  expect(await read("verify", "orders")).toMatchObject({ rows: 2000, mismatches: 0 });
  expect(await read("confirm", "orders", "--release", "v2")).toMatchObject({ release: "v2", actor: "tester" });
  expect(await read("status")).toMatchObject({ plans: [{ plan: "orders", phase: "backfill" }] });
  expect((await read("history")).length).toBeGreaterThan(4);
  expect(await read("heads")).toHaveLength(2);
  expect(await read("show", ran[0].id.slice(0, 6))).toMatchObject({
    revision: { id: ran[0].id },
    row: { state: "done" },
  });
  expect(await read("backfill", "pause", "--all")).toEqual({ plans: [{ plan: "orders", changed: true }] });
  expect(await read("backfill", "resume", "0001-orders")).toEqual({ plans: [{ plan: "orders", changed: true }] });

  // Nothing but the result, in words too.
  const quiet = await made.ok(["upgrade", "head", "--quiet"]);
  expect(quiet).toEqual({ code: 0, stdout: "up to date\n", stderr: "" });
  const verbose = await made.ok(["verify", "orders", "--verbose"]);
  expect(verbose.stderr).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: orders verified: 2,000 rows, 0 not in step$/m);
});

describe("a stream that somebody closed", () => {
  const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

  test.each([
    ["stdout", ["history"]],
    ["stdout", ["status", "--json"]],
    ["stdout", ["nosuch"]],
    ["stderr", ["verify", "orders", "--verbose"]],
    ["stderr", ["nosuch"]],
  ] as const)("%s, of %s", async (closed, args) => {
    const made = await folder();
    const child = spawn(process.execPath, [main, ...args], {
      cwd: made.directory,
      env: { ...process.env, DATABASE_URL: database.url },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child[closed].destroy();
    let said = "";
    (closed === "stdout" ? child.stderr : child.stdout).on("data", (text) => (said += text));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(said).not.toMatch(/EPIPE|node:|at .*\.js/);
    // It ends as it would have.
    expect(code).toBe(args[0] === "nosuch" ? 2 : 0);
  });
});
