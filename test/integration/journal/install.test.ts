import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../../src/db/pool.js";
import { isChangeoverError } from "../../../src/errors.js";
import { ensureJournal, loadJournal } from "../../../src/journal/install.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase();
const role = `r_${randomBytes(4).toString("hex")}`;
let asRole: Database;

const connect = (url: string) => openDatabase({ url, applicationName: "changeover test", connectTimeoutMs: 5000 });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (isChangeoverError(error) ? error : Promise.reject(error)),
  );

beforeAll(async () => {
  await database.sql(`create role ${role} login password 'x'`);
  const url = new URL(database.url);
  url.username = role;
  url.password = "x";
  asRole = connect(url.toString());
});

afterAll(async () => {
  await asRole.close();
  await database.sql(`drop owned by ${role}`);
  await database.sql(`drop role ${role}`);
});

beforeEach(() => database.sql("drop schema if exists changeover cascade"));

test("twenty installs at once make one journal", async () => {
  const connections = Array.from({ length: 20 }, () => connect(database.url));
  const installed: string[] = [];
  const metas = await Promise.all(connections.map((db) => ensureJournal(db, (event) => installed.push(event.kind))));
  await Promise.all(connections.map((db) => db.close()));
  expect(new Set(metas.map((meta) => meta.uuid)).size).toBe(1);
  expect(installed).toEqual(["journal-installed"]);
  const [row] = await database.sql<{ meta: unknown }>(
    `select to_jsonb(m) - 'installed_at' - 'uuid' = jsonb_build_object('singleton', true, 'format', 1, 'database', current_database(),
              'system_identifier', (select system_identifier::text from pg_control_system())) as meta from changeover.meta m`,
  );
  expect(row).toEqual({ meta: true });
});

test("a second install finds the first, and a schema made beforehand is used", async () => {
  await database.sql("create schema changeover");
  const first = await ensureJournal(database.db);
  expect(await ensureJournal(database.db)).toEqual(first);
});

describe("identity", () => {
  test.each(["system_identifier = '42'", "database = 'production'"])("a journal with %s is a copy", async (change) => {
    await ensureJournal(database.db);
    await database.sql(`update changeover.meta set ${change}`);
    for (const attempt of [ensureJournal, loadJournal]) {
      const error = await failure(attempt(database.db));
      expect(error).toMatchObject({ code: "identity", exitCode: 5 });
      expect(error?.message).toContain("copy");
    }
    // The hint's statement is the way out.
    const error = await failure(ensureJournal(database.db));
    await database.sql(error?.hint?.split("then run: ")[1] ?? "");
    expect(await failure(ensureJournal(database.db))).toBeNull();
  });

  test("an unknown system identifier is not held against it; a newer format is", async () => {
    await ensureJournal(database.db);
    await database.sql("update changeover.meta set system_identifier = 'unknown'");
    expect(await failure(ensureJournal(database.db))).toBeNull();
    await database.sql("update changeover.meta set format = 2");
    for (const attempt of [ensureJournal, loadJournal]) {
      expect(await failure(attempt(database.db))).toMatchObject({
        code: "identity",
        hint: expect.stringContaining("newer"),
      });
    }
  });
});

describe("privileges", () => {
  test("a role that may not create the schema is told which GRANT to ask for, and the GRANT is enough", async () => {
    const error = await failure(ensureJournal(asRole));
    expect(error).toMatchObject({ code: "privilege" });
    await database.sql(error?.hint?.replace("Ask for: ", "") ?? "");
    expect(await failure(ensureJournal(asRole))).toBeNull();
    await database.sql(
      `do $$ begin execute format('revoke create on database %I from ${role}', current_database()); end $$`,
    );
    expect(await failure(ensureJournal(asRole))).toBeNull();
  });

  test("likewise for a schema that is there but not the role's", async () => {
    await database.sql("create schema changeover");
    const error = await failure(ensureJournal(asRole));
    await database.sql(error?.hint?.replace("Ask for: ", "") ?? "");
    expect(await failure(ensureJournal(asRole))).toBeNull();
  });

  test("reading needs no journal, then SELECT and no more; writing says what it lacks", async () => {
    expect(await loadJournal(asRole)).toEqual({ meta: null, plans: [], revisions: [], fills: [] });
    const meta = await ensureJournal(database.db);
    const read = await failure(loadJournal(asRole));
    expect(read).toMatchObject({ code: "privilege" });
    await database.sql(read?.hint?.replace("Ask for: ", "") ?? "");
    expect((await loadJournal(asRole)).meta).toEqual(meta);
    const write = await failure(ensureJournal(asRole));
    expect(write).toMatchObject({ code: "privilege", message: expect.stringContaining("write") });
    await database.sql(write?.hint?.replace("Ask for: ", "") ?? "");
    expect(await ensureJournal(asRole)).toEqual(meta);
  });

  test("a role that may not ask for the system identifier installs without one", async () => {
    await database.sql("revoke execute on function pg_control_system() from public");
    await database.sql(
      `do $$ begin execute format('grant create on database %I to ${role}', current_database()); end $$`,
    );
    try {
      expect((await ensureJournal(asRole)).systemIdentifier).toBe("unknown");
    } finally {
      await database.sql("grant execute on function pg_control_system() to public");
    }
  });
});
