/** What the kill tests run, shared with the process that they kill. */
import { lock, revision, step, text } from "../../support/revisions.js";

export const TABLES = `drop schema if exists app cascade; create schema app; create table app.t (id int primary key, a int);
  insert into app.t select n, n from generate_series(1, 100) n`;

export const expand = revision("expand", {
  upgrade: [
    step("add", "alter table app.t add column b int", { lockTimeoutMs: 20_000 }),
    step("type", "alter table app.t alter column b type bigint", { lockTimeoutMs: 20_000 }),
  ],
  downgrade: [step("drop", "alter table app.t drop column b")],
});

const gentle = [lock("t", "SHARE UPDATE EXCLUSIVE")];

export const indexes = revision("indexes", {
  phase: "backfill",
  runner: "autocommit",
  upgrade: [
    step("unique", "create unique index concurrently t_a on app.t (a)", {
      locks: gentle,
      done: text("select exists (select from pg_index where indexrelid = to_regclass('app.t_a') and indisvalid)"),
      heals: { schema: "app", name: "t_a" },
    }),
    step("analyze", "alter table app.t alter column a set statistics 500", {
      locks: gentle,
      done: text("select attstattarget = 500 from pg_attribute where attrelid = 'app.t'::regclass and attname = 'a'"),
    }),
  ],
  downgrade: [
    step("statistics", "alter table app.t alter column a set statistics -1", {
      locks: gentle,
      done: text(
        "select coalesce(attstattarget, -1) = -1 from pg_attribute where attrelid = 'app.t'::regclass and attname = 'a'",
      ),
    }),
    step("unique", "drop index concurrently app.t_a", {
      locks: gentle,
      done: text("select to_regclass('app.t_a') is null"),
    }),
  ],
});
