/** A database that is not named, not there, not willing, or not ours to change. */
import { createServer, type Server } from "node:net";
import { describe, expect, test } from "vitest";
import { type Checkout, checkout, everything, expectBlock } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer);
  insert into app.orders values (1, 1);
`);
const name = () => new URL(database.url).pathname.slice(1);
const changed = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.toString();
};
const CHANGE = "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 0s\n";

async function folder(): Promise<Checkout> {
  const made = await checkout(() => database.url);
  await made.write("plans/0001-orders/change.yaml", CHANGE);
  return made;
}

describe("a database that is not named", () => {
  test.each<[string, string | null, Record<string, string>, string]>([
    ["no DATABASE_URL", null, {}, "No database is named"],
    ["an empty one", "", {}, "No database is named"],
    ["a blank one", "  ", {}, "No database is named"],
    ["PGDATABASE alone, which would be localhost", null, { PGDATABASE: "x" }, "No database is named"],
    ["PGSERVICE, which the driver does not read", null, { PGSERVICE: "x" }, "No database is named"],
    ["another kind of URL", "mysql://secret@host/x", {}, "DATABASE_URL is not a PostgreSQL URI"],
    ["a password that is not encoded", "postgres://me:sec/ret@host/x", {}, "%2F"],
    ["words", "secret", {}, "DATABASE_URL is not a PostgreSQL URI"],
    ["no host", "postgres:///x", {}, "DATABASE_URL names no host"],
  ])("%s", async (_what, url, env, says) => {
    const made = await folder();
    const ended = await made.run(["upgrade", "head"], { url, env });
    expectBlock(ended, 2, says);
    expect(ended.stderr).not.toContain("sec");
  });

  test("in a flag and in the configuration file are told apart", async () => {
    const made = await folder();
    expectBlock(await made.run(["status", "--database-url", "http://x"]), 2, "--database-url is not a PostgreSQL URI");
    await made.write("changeover.config.json", '{ "databaseUrl": "http://x", "colour": 1 }');
    expectBlock(await made.run(["status"]), 2, "changeover.config.json", "Known keys");
    await made.write("changeover.config.json", '{ "databaseUrl": "http://x" }');
    expectBlock(await made.run(["status"], { url: null }), 2, "databaseUrl of the configuration file");
    await made.write("changeover.config.json", "{");
    expectBlock(await made.run(["status"]), 2, "changeover.config.json", "cannot be read");
    expectBlock(await made.run(["status", "--config", "nowhere.json"]), 2, "nowhere.json");
  });
});

describe("a Redis that is not named rightly", () => {
  test.each<[string, string, string]>([
    ["another kind of URL", "http://secret@host", "--redis-url is not a Redis URI"],
    ["words", "secret", "--redis-url is not a Redis URI"],
    ["a host without its kind", "secret:6379", "--redis-url is not a Redis URI"],
    ["a password that is not encoded", "redis://:sec/ret@host", "%2F"],
    ["a password that cannot be decoded", "redis://:sec%zz@host", "--redis-url is not a Redis URI"],
    ["no host", "redis://", "--redis-url names no host"],
    ["a socket", "redis:///run/secret.sock", "--redis-url names no host"],
    ["a database by name", "redis://host/secret", "a database that is not a number"],
    ["a setting of the driver", "redis://host?commandTimeout=secret", "a parameter that is not known"],
  ])("%s", async (_what, url, says) => {
    const ended = await (await folder()).run(["worker", "--drain", "--redis-url", url]);
    expectBlock(ended, 2, says, "rediss://");
    expect(ended.stderr).not.toContain("sec");
  });

  test("in the environment and in the configuration file are told apart; an empty one is none", async () => {
    const made = await folder();
    expectBlock(await made.run(["worker", "--drain"], { env: { REDIS_URL: "x" } }), 2, "REDIS_URL is not a Redis URI");
    await made.write("changeover.config.json", '{ "redisUrl": "x" }');
    expectBlock(await made.run(["worker", "--drain"]), 2, "redisUrl of the configuration file is not a Redis URI");
    await made.write("changeover.config.json", "{}");
    await made.ok(["status"], { env: { REDIS_URL: " " } });
  });
});

describe("a database that does not answer", () => {
  test.each<[string, (url: URL) => void, RegExp]>([
    ["an unreachable server", (url) => (url.port = "1"), /cannot be reached.*ECONNREFUSED/],
    ["an unknown host", (url) => (url.hostname = "nowhere.invalid"), /cannot be reached.*nowhere\.invalid/],
    ["a wrong password", (url) => (url.password = "wr0ng"), /refused the login.*28P01/],
    ["no password", (url) => (url.password = ""), /asks for a password/],
    ["an unknown role", (url) => (url.username = "nobody"), /refused the login/],
    ["a missing database", (url) => (url.pathname = "/nowhere"), /no such database: .*"nowhere"/],
  ])("%s", async (_what, change, says) => {
    const made = await folder();
    const url = changed(change);
    for (const args of [
      ["upgrade", "head"],
      ["worker", "--drain"],
    ]) {
      const ended = await made.run(args, { url });
      expectBlock(ended, 1, says, "DATABASE_URL");
      expect(ended.stderr).not.toMatch(/wr0ng/);
    }
  });

  test("a server that is none", async () => {
    const server = await new Promise<Server>((resolve) => {
      const made = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
      made.listen(0, "127.0.0.1", () => resolve(made));
    });
    const address = server.address();
    const port = String(typeof address === "object" ? address?.port : 0);
    const ended = await (await folder()).run(["status"], { url: changed((url) => (url.port = port)) });
    server.close();
    expectBlock(ended, 1, `127.0.0.1:${port}`);
  });
});

describe("a role without privileges", () => {
  const as = (role: string) => changed((url) => ([url.username, url.password] = [role, "secret"]));

  test("may plan and ask, and is told what to ask for", { timeout: 180_000 }, async () => {
    const [reader, owner] = [`reader_${name()}`, `owner_${name()}`];
    await database.sql(`create role ${reader} login password 'secret'`);
    await database.sql(`create role ${owner} login password 'secret'`);
    await database.sql(`grant usage on schema app to ${reader}, ${owner}; grant select on app.orders to ${reader}`);
    const made = await folder();
    const refuses = async (role: string, args: string[], ...says: string[]) => {
      const before = await everything(database, made);
      expectBlock(await made.run(args, { url: as(role) }), 1, ...says);
      expect(await everything(database, made)).toEqual(before);
    };

    await refuses(
      reader,
      ["plan", "orders", "--write"],
      `Role ${reader} does not own app.orders`,
      "Connect as postgres",
    );
    await made.ok(["status"], { url: as(reader) });
    await made.ok(["plan", "orders", "--write"]);

    // Not the owner of the table, and no right to make our schema.
    await refuses(reader, ["upgrade", "head"], "may not create the journal", `GRANT CREATE ON DATABASE ${name()}`);
    // The owner of the table, who may not make our schema.
    await database.sql(`alter table app.orders owner to ${owner}`);
    await refuses(owner, ["upgrade", "head"], "may not create the journal", `GRANT CREATE ON DATABASE ${name()}`);

    await database.sql(`grant create on database ${name()} to ${owner}`);
    await made.ok(["upgrade", "head"], { url: as(owner) });
    // Who may not read the journal, though it is there.
    await refuses(reader, ["status"], "may not read the journal", "GRANT USAGE ON SCHEMA changeover");
    await refuses(reader, ["downgrade", "orders@base"], "may not read the journal");
    await database.sql(`grant usage on schema changeover to ${reader}`);
    await database.sql(`grant select on all tables in schema changeover to ${reader}`);
    expect((await made.ok(["status"], { url: as(reader) })).stdout).toContain("running, in phase dual-write");
    await refuses(
      reader,
      ["backfill", "pause", "orders"],
      "may not steer backfills",
      "GRANT UPDATE ON changeover.plan TO",
    );

    await database.sql(`drop owned by ${reader}`);
    await database.sql(`drop role ${reader}`);
    await database.sql(`reassign owned by ${owner} to postgres`);
    await database.sql(`drop owned by ${owner}`);
    await database.sql(`drop role ${owner}`);
  });

  test("may use the database, but not connect to it", async () => {
    await database.sql(`create role lonely_${name()} login password 'secret'`);
    await database.sql(`revoke connect on database ${name()} from public`);
    const ended = await (await folder()).run(["status"], { url: as(`lonely_${name()}`) });
    expectBlock(ended, 1, "may not connect", "GRANT CONNECT");
    await database.sql(`grant connect on database ${name()} to public`);
    await database.sql(`drop role lonely_${name()}`);
  });
});
