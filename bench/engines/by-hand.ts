/** What one writes into a migration by hand, with the sync triggers of this engine in place: an online change needs some. */
import type { OwnedSession } from "../../src/db/session.js";
import { integer } from "../../src/sql/literal.js";
import { type SqlText, sql } from "../../src/sql/text.js";
import { seconds } from "../measure.js";
import { dropTriggers, TABLE } from "../table.js";
import type { Engine, EngineRun, Ground } from "./engine.js";

const BATCH = 1_000;

export function singleUpdate(variant: Pick<Engine, "name" | "title"> & { readonly triggers: boolean }): Engine {
  return {
    ...variant,
    underLoad: variant.triggers,
    fillSeconds: async () => null,
    prepare: async ({ db }) => {
      if (!variant.triggers) await dropTriggers(db);
    },
    fill: (ground) =>
      inSession(ground, async (session) => void (await session.run(sql`update ${TABLE} set ${fromOld(ground.added)}`))),
  };
}

export const keyBatches: Engine = {
  name: "key-batches",
  title: `key batches of ${BATCH.toLocaleString("en-US")}`,
  underLoad: true,
  prepare: async () => undefined,
  fillSeconds: async () => null,
  fill: (ground) =>
    inSession(ground, async (session) => {
      for (let after = 0; ; ) {
        const { last } = await session.one<{ last: number | null }>(
          sql`select max(id) as last
                from (select id from ${TABLE} where id > $1 order by id limit ${integer(BATCH)}) batch`,
          [after],
        );
        if (last === null) return;
        await session.run(sql`update ${TABLE} set ${fromOld(ground.added)} where id > $1 and id <= $2`, [after, last]);
        after = last;
      }
    }),
};

function fromOld(added: SqlText): SqlText {
  return sql`${added} = quantity`;
}

/** On a session that the triggers take for a backfill, so that they cost these engines no more than they cost our own. */
export async function inSession({ db }: Ground, work: (session: OwnedSession) => Promise<void>): Promise<EngineRun> {
  const session = await db.open("engine");
  try {
    await session.run(sql`set changeover.backfill = 'on'`);
    return { seconds: await seconds(() => work(session)), peakBytes: null };
  } finally {
    await session.close();
  }
}
