/** A table with a rename's two sides (`a` old, `b` new), its sync triggers, the journal, and the fill between them. */
import { readFile } from "node:fs/promises";
import { beforeAll, beforeEach } from "vitest";
import type { FillRevision } from "../../../src/backfill/statements.js";
import type { Event } from "../../../src/events.js";
import { trusted } from "../../../src/sql/text.js";
import { type TestDatabase, useDatabase } from "../../support/database.js";

export const REVISION = "0123456789ab";
/** The text of a revision that installs nothing. */
const NOTHING = `-- changeover revision ${"0".repeat(12)}\n-- parent none\n\n-- upgrade\n\n-- downgrade\n`;
const reviewed = (text: string) => trusted(text, "reviewed");

/** The fill as a plan would print it: `set` is the new side's expression. */
export function fillOf(set = "a", due = "b is null and a is not null", key: readonly string[] = ["id"]): FillRevision {
  const named = key.length === 0 ? "array[ctid::text]" : `array[${key.map((column) => `${column}::text`).join(", ")}]`;
  const window = "ctid >= $1::tid and ctid < $2::tid";
  return {
    id: REVISION,
    plan: "t-rename",
    scope: { table: { schema: "app", name: "t" }, columns: ["a"], added: "b", notNull: null },
    fill: {
      table: { schema: "app", name: "t" },
      strategy: "windows",
      reason: "it is a test",
      transform: null,
      userTriggers: "none",
      key,
      batch: reviewed(
        `update app.t set b = ${set} where ctid = any (array(select ctid from app.t where ${window} and ${due} and hashtid(ctid) & $3::integer = $4::integer for no key update skip locked))`,
      ),
      left: reviewed(`select count(*) from app.t where ${window} and ${due};`),
      due: reviewed(`select ${named}, ctid from app.t where ${window} and ${due}`),
      one: reviewed(`update app.t set b = ${set} where ctid = $1::tid and ${due}`),
      verify: reviewed(`select count(*), count(*) filter (where b is distinct from ${set}) from app.t where ${window}`),
      mismatches: reviewed(`select ${named} from app.t where ${window} and b is distinct from ${set}`),
      forth: reviewed(`select ${set} as value from app.t where ctid = $1::tid`),
      back: reviewed("select b as value from app.t where ctid = $1::tid"),
    },
  };
}

const SYNC = `
create function app.sync() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.b is null then new.b := new.a; else new.a := new.b; end if;
  elsif old.b is distinct from new.b and not (current_setting('changeover.backfill', true) = 'on' and pg_trigger_depth() = 1) then
    new.a := new.b;
  else new.b := new.a;
  end if;
  return new;
end $$;
create trigger "~~changeover_i" before insert on app.t for each row execute function app.sync();
create trigger "~~changeover_u" before update on app.t for each row
  when ((old.a is distinct from new.a or old.b is distinct from new.b or (new.b is null and new.a is not null))
    and (current_setting('changeover.backfill', true) is distinct from 'on' or pg_trigger_depth() > 0 or old.a is distinct from new.a))
  execute function app.sync();`;

export type Bench = TestDatabase & {
  /** a fresh table of n rows with `b` unfilled, under triggers, and a journal without a fill */
  table(rows: number, columns?: string): Promise<void>;
  unfilled(): Promise<number>;
  slices(): Promise<{ number: number; state: string; next: number; hi: number; fence: number; rows: number }[]>;
};

/** `own`: the maintenance database of another server than the project's. */
export function useTable(own?: { readonly url: string }): Bench {
  const base = useDatabase(undefined, own);
  beforeAll(async () => {
    await base.sql(await readFile(new URL("../../../src/journal/schema.sql", import.meta.url), "utf8"));
    await base.sql("insert into changeover.meta (format, system_identifier, database) values (1, 'test', 'test')");
    await base.sql("create schema app");
  });
  beforeEach(async () => {
    await base.sql("delete from changeover.revision");
    await base.sql("delete from changeover.plan");
    // Other tests make and drop databases, for which this server makes a checkpoint each.
    await base.sql(`insert into changeover.plan (slug, change, kind, table_schema, table_name, columns, limits)
      values ('t-rename', 'rename_column app.t.a to b', 'rename_column', 'app', 't', '{a,b}',
              '{"signals": {"checkpoints": {"off": true}}}')`);
    await base.sql(`insert into changeover.revision (id, plan, name, title, parents, depends_on, lane, phase, runner, checksum, text, state, actor)
      values ('${REVISION}', 't-rename', 'fill', 'fill', '{}', '{}', 'tail', 'backfill', 'backfill', '', '${NOTHING}', 'running', 'test')`);
    await base.sql("drop schema app cascade; create schema app");
  });
  return Object.assign(Object.create(base) as TestDatabase, {
    table: async (rows: number, columns = "a int") => {
      await base.sql(
        `create table app.t (id bigint primary key, tenant text not null default 'x', ${columns}, pad text)`,
      );
      await base.sql(`insert into app.t (id, a, pad) select g, g, repeat('x', 80) from generate_series(1, ${rows}) g`);
      await base.sql(`alter table app.t add b ${columns.split(" ").slice(1).join(" ")}`);
      await base.sql(SYNC);
    },
    unfilled: async () => Number((await base.sql("select count(*) as n from app.t where b is distinct from a"))[0]?.n),
    slices: async () =>
      (await base.sql(
        "select number, state, next::int, hi::int, fence::int, rows::int from changeover.slice order by number",
      )) as never,
  });
}

/** Events as they come, and a promise for the first one of a kind. */
export function recorder() {
  const events: Event[] = [];
  const waiting: { kind: Event["kind"]; resolve: (event: Event) => void }[] = [];
  return {
    events,
    emit: (event: Event) => {
      events.push(event);
      for (const wait of [...waiting]) {
        if (wait.kind !== event.kind) continue;
        waiting.splice(waiting.indexOf(wait), 1);
        wait.resolve(event);
      }
    },
    first: (kind: Event["kind"]) => {
      const seen = events.find((event) => event.kind === kind);
      return seen !== undefined
        ? Promise.resolve(seen)
        : new Promise<Event>((resolve) => waiting.push({ kind, resolve }));
    },
  };
}

export async function until(check: () => Promise<boolean> | boolean, what: string, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
