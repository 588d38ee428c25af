/** A table whose column is an identity, a plan for that column, and questions to its sequence. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { downgradeUseCase } from "../../../src/app/downgrade.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { upgradeTo } from "../change-type/switching.js";

export const TABLE = { schema: "app", name: "tickets" };

export function useStage() {
  const database = useDatabase();
  const project = useProject(() => database.url);
  const rollout = rolloutOf(project, "number");
  const PATIENCE = { lockWaitMs: 5_000, deadlineMs: 20_000 };

  const idOf = (name: string) => {
    const [, text = ""] = Object.entries(rollout.files()).find(([file]) => file.includes(`.${name}.`)) ?? [];
    return /^-- changeover revision ([0-9a-f]{12})/m.exec(text)?.[1] ?? "none";
  };

  return {
    database,
    project,
    rollout,
    /** The table anew, with ten rows; planned, filled and validated. `column`: what stands behind `number`. */
    begin: async (column: string, change: string, further = "") => {
      await rm(join(project.directory, "plans"), { recursive: true, force: true });
      await database.sql(`drop schema if exists changeover cascade; drop schema if exists app cascade; create schema app;
        create table app.tickets (id bigint primary key, number ${column}, other integer not null default 0);
        create unique index on app.tickets (number);
        insert into app.tickets (id) select n from generate_series(1, 10) n; ${further}`);
      await project.writeChange(
        "0001-number",
        `${change}\ntable: app.tickets\ncolumn: number\nallow: [client-type-change, unique-twin-upsert]\nsoak: 0s\n`,
      );
      await rollout.plan(true);
      await rollout.upgrade("head");
      await rollout.drain();
    },
    confirmedTo: async (name: string) => {
      await rollout.confirm();
      await upgradeTo(project, rollout, name);
    },
    upgradeTo: (name: string) => upgradeTo(project, rollout, name),
    /** back to just after the revision of this name */
    downgradeTo: (name: string) =>
      project.run((app) => downgradeUseCase(app, { target: idOf(name), sqlOnly: false, ...PATIENCE })),
    /** which columns are identities, and what gives the others their values */
    givers: async () =>
      (
        await database.sql<{ giver: string }>(`
          select a.attname || ': ' || case a.attidentity when 'a' then 'always' when 'd' then 'by default'
            else pg_get_expr(d.adbin, d.adrelid) end as giver
            from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
           where a.attrelid = 'app.tickets'::regclass and a.attname like '%number' and not a.attisdropped
             and (a.attidentity <> '' or d.oid is not null) order by 1`)
      ).map(({ giver }) => giver),
    sequence: async (name = "tickets_number_seq") =>
      (
        await database.sql(`
          select q.seqtypid::regtype::text as type, q.seqmin::text as min, q.seqmax::text as max,
                 s.last_value::text as last, s.is_called as called
            from app.${name} s, pg_sequence q where q.seqrelid = 'app.${name}'::regclass`)
      )[0],
  };
}
