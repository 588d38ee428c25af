import { expect, test } from "vitest";
import { sqlstateOf } from "../../../src/db/sqlstate.js";
import { transaction } from "../../../src/db/transaction.js";
import { sql } from "../../../src/sql/text.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase("create table t (id bigint primary key)");

test("a session knows its server and reads bigint as a number", async () => {
  const row = await database.db.borrow(async (session) => {
    expect(Math.floor(session.serverVersion / 10000)).toBe(database.major);
    return session.one<{ n: number }>(sql`select 5000000000::bigint as n`);
  });
  expect(row.n).toBe(5_000_000_000);
});

test("a transaction commits what it returns and rolls back what it throws", async () => {
  await database.db.borrow((session) => transaction(session, {}, (s) => s.run(sql`insert into public.t values (1)`)));
  const failing = database.db.borrow((session) =>
    transaction(session, { lockTimeoutMs: 100 }, async (s) => {
      await s.run(sql`insert into public.t values (2)`);
      await s.run(sql`insert into public.t values (1)`);
    }),
  );
  expect(await failing.catch(sqlstateOf)).toBe("23505");
  expect(await database.sql("select id from t")).toEqual([{ id: "1" }]);
});
