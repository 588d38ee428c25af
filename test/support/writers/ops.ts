/** What an application does to rows of its own: each operation is one or a few statements, and their line in the ledger. */
import { copyFrom } from "./copy.js";
import { stateOf, type Work } from "./work.js";

export type Op = (w: Work) => Promise<void>;

export const into = (w: Work) => `insert into ${w.variant.table} (region, id, ${w.column}, other)`;
export const update = (w: Work, set: string) => `update ${w.variant.table} set ${set} where region = $1 and id = $2`;

export const OWN_OPS: Readonly<Record<string, Op>> = {
  insert: async (w) => {
    const [id, value] = [w.nextId(), w.value()];
    await w.query(`${into(w)} values ($1, $2, $3, 1)`, [w.region, id, value]);
    w.wrote(id, { value, other: 1 });
  },
  "insert without the column": async (w) => {
    if (!w.shape.omits) return;
    const id = w.nextId();
    await w.query(`insert into ${w.variant.table} (region, id, other) values ($1, $2, 2)`, [w.region, id]);
    w.wrote(id, { value: w.variant.byDefault, other: 2 });
  },
  "insert of two rows": async (w) => {
    const [a, b, x, y] = [w.nextId(), w.nextId(), w.value(), w.value()];
    const found = await w.query<{ id: number; value: string | null }>(
      `${into(w)} values ($1, $2, $3, 3), ($1, $4, $5, 3) returning id, ${w.column}::text as value`,
      [w.region, a, x, b, y],
    );
    for (const [id, value] of [[a, x] as const, [b, y] as const]) {
      w.wrote(id, { value, other: 3 });
      w.same("insert returning", found.find((row) => row.id === id)?.value, value);
    }
  },
  copy: async (w) => {
    const rows = [w.nextId(), w.nextId(), w.nextId()].map((id) => ({ id, value: w.value() }));
    await copyFrom(
      w.client,
      `copy ${w.variant.table} (region, id, ${w.column}, other) from stdin`,
      rows.map(({ id, value }) => [`${w.region}`, `${id}`, value, "4"]),
    );
    for (const { id, value } of rows) w.wrote(id, { value, other: 4 });
  },
  upsert: async (w) => {
    const id = w.random() < 0.5 ? w.nextId() : w.key();
    const [value, there] = [w.value(), w.own.has(id)];
    await w.query(
      `${into(w)} values ($1, $2, $3, 5)
       on conflict (region, id) do update set ${w.column} = excluded.${w.column}, other = 6`,
      [w.region, id, value],
    );
    w.wrote(id, { value, other: there ? 6 : 5 });
  },
  "upsert of another column": async (w) => {
    const [id, value] = [w.key(), w.value()];
    await w.query(`${into(w)} values ($1, $2, $3, 5) on conflict (region, id) do update set other = 7`, [
      w.region,
      id,
      value,
    ]);
    w.wrote(id, { other: 7 });
  },
  "insert that does nothing": async (w) => {
    await w.query(`${into(w)} values ($1, $2, $3, 8) on conflict do nothing`, [w.region, w.key(), w.value()]);
  },
  merge: async (w) => {
    if (w.major < 15) return;
    const id = w.random() < 0.5 ? w.nextId() : w.key();
    const [value, there] = [w.value(), w.own.has(id)];
    await w.query(
      `merge into ${w.variant.table} t
       using (values ($1::integer, $2::integer, $3::${w.variant.domain.type})) s (region, id, value)
       on t.region = s.region and t.id = s.id
       when matched then update set ${w.column} = s.value, other = 9
       when not matched then insert (region, id, ${w.column}, other) values (s.region, s.id, s.value, 10)`,
      [w.region, id, value],
    );
    w.wrote(id, { value, other: there ? 9 : 10 });
  },
  update: async (w) => {
    const [id, value] = [w.key(), w.value()];
    const text = `${update(w, `${w.column} = $3`)} returning ${w.column}::text as value`;
    const [row] = await w.query<{ value: string | null }>(text, [w.region, id, value]);
    w.wrote(id, { value });
    w.same("update returning", row?.value, value);
  },
  "update to the same": async (w) => {
    const id = w.key();
    await w.query(update(w, `${w.column} = ${w.column}, other = 11`), [w.region, id]);
    w.wrote(id, { other: 11 });
  },
  "update to the equal": async (w) => {
    const id = w.key();
    const before = w.own.get(id)?.value ?? null;
    const value = before === null ? w.value() : w.variant.domain.respelt(before);
    await w.query(update(w, `${w.column} = $3`), [w.region, id, value]);
    w.wrote(id, { value });
  },
  "update by name": async (w) => {
    const [id, value] = [w.key(), w.value()];
    await w.named("update", update(w, `${w.column} = $3`), [w.region, id, value]);
    w.wrote(id, { value });
  },
  "insert by name": async (w) => {
    const [id, value] = [w.nextId(), w.value()];
    await w.named("insert", `${into(w)} values ($1, $2, $3, 12) returning id`, [w.region, id, value]);
    w.wrote(id, { value, other: 12 });
  },
  "update of several": async (w) => {
    const ids = [w.key(), w.key(), w.key()];
    const value = w.value();
    await w.query(`update ${w.variant.table} set ${w.column} = $3 where region = $1 and id = any ($2)`, [
      w.region,
      ids,
      value,
    ]);
    for (const id of ids) w.wrote(id, { value });
  },
  unrelated: async (w) => {
    const [id, other] = [w.key(), Math.floor(w.random() * 1000)];
    await w.query(update(w, "other = $3"), [w.region, id, other]);
    w.wrote(id, { other });
  },
  "unrelated of several": async (w) => {
    const [ids, other] = [[w.key(), w.key(), w.key(), w.key()], Math.floor(w.random() * 1000)];
    await w.query(`update ${w.variant.table} set other = $3 where region = $1 and id = any ($2)`, [
      w.region,
      ids,
      other,
    ]);
    for (const id of ids) w.wrote(id, { other });
  },
  "bump, which the user's trigger makes a change of the column": async (w) => {
    const [id, bump] = [w.key(), w.nextId()];
    await w.query(update(w, "bump = $3"), [w.region, id, bump]);
    w.wrote(id, { value: w.variant.domain.bumped(bump) });
  },
  delete: async (w) => {
    if (w.own.size < 100) return;
    const id = w.key();
    await w.query(`delete from ${w.variant.table} where region = $1 and id = $2`, [w.region, id]);
    w.own.delete(id);
  },
  "change of the key": async (w) => {
    const [from, to] = [w.key(), w.nextId()];
    await w.query(update(w, "id = $3"), [w.region, from, to]);
    const row = w.own.get(from);
    w.own.delete(from);
    w.wrote(to, { value: row?.value ?? null, other: row?.other ?? 0 });
  },
  "move by delete and insert": async (w) => {
    const [from, to] = [w.key(), w.nextId()];
    const text = `with gone as (delete from ${w.variant.table} where region = $1 and id = $2 returning ${w.column} as value)
      ${into(w)} select $1, $3, value, 13 from gone`;
    await w.query(text, [w.region, from, to]);
    const row = w.own.get(from);
    w.own.delete(from);
    w.wrote(to, { value: row?.value ?? null, other: 13 });
  },
  read: async (w) => {
    const id = w.key();
    const text = `select ${w.column}::text as value from ${w.variant.table} where region = $1 and id = $2`;
    const [row] = await w.query<{ value: string | null }>(text, [w.region, id]);
    w.same("select", row?.value, w.own.get(id)?.value ?? null);
  },
  refused: async (w) => {
    const write = w.query(update(w, `${w.column} = $3`), [w.region, w.key(), w.variant.domain.bad]);
    const state = await write.then(
      () => "nothing",
      (error: unknown) => stateOf(error),
    );
    if (state !== "23514") throw new Error(`the check said ${state}`);
  },
};
