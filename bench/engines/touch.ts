/** pgroll's way: rows are touched by key, in batches of a thousand, and a trigger fills what is touched. */
import { dollarQuote } from "../../src/sql/literal.js";
import { sql } from "../../src/sql/text.js";
import { dropTriggers, TABLE } from "../table.js";
import { inSession } from "./by-hand.js";
import type { Engine } from "./engine.js";

const BATCH = sql`with batch as (
  select id from ${TABLE} where _pgroll_needs_backfill = true and id > $1 order by id limit 1000 for no key update
), touched as (
  update ${TABLE} t set id = t.id from batch where t.id = batch.id returning t.id
)
select max(id) as last from touched`;

export const touchBatches: Engine = {
  name: "touch",
  title: "touched through a trigger (pgroll)",
  underLoad: true,
  fillSeconds: async () => null,
  prepare: async ({ db, added }) => {
    await dropTriggers(db);
    const body = sql`begin
  new.${added} := new.quantity;
  new._pgroll_needs_backfill := false;
  return new;
end`;
    await db.run(sql`alter table ${TABLE} add column _pgroll_needs_backfill boolean default true;
create function bench.touch() returns trigger language plpgsql as ${dollarQuote(body)};
create trigger touch before insert or update on ${TABLE} for each row execute function bench.touch()`);
  },
  fill: (ground) =>
    inSession(ground, async (session) => {
      for (let after = 0; ; ) {
        const { last } = await session.one<{ last: number | null }>(BATCH, [after]);
        if (last === null) return;
        after = last;
      }
    }),
};
