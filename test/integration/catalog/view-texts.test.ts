/** Views of all sorts, made over the renamed column by their text: the server takes each, and it reads the old one no more. */
import { expect, test } from "vitest";
import { readSnapshot } from "../../../src/catalog/read.js";
import { qualified } from "../../../src/sql/identifier.js";
import { renameInSelect } from "../../../src/sql/select.js";
import { useDatabase } from "../../support/database.js";

const TABLE = { schema: "app", name: "t" };
const SELECTS = [
  `select case when total between 1 and 3 then total else coalesce(total, 0) end as c, total in (1,2) as i, total is distinct from 3 as d, array[total, 1] as arr, total::numeric(4,1) as n from app.t`,
  `select (select array_agg(x.total order by x.total) filter (where x.total > 1) from app.t x) as z, extract(epoch from now()) + total as e, overlay('abc' placing 'x' from total) as ov, substring('abc' from total for 2) as su from app.t`,
  `select t.total, o.total as ot from app.t full join app.o using (id) where t.total = any (select total from app.o) window w as (partition by t.total)`,
  `select total, sum(total) over w from app.t window w as (order by total)`,
  `select total from app.t where (id, total) in (select id, total from app.o) and (id, total) > (1,2) and not exists (select 1 from app.o where o.total = t.total) limit (select max(total) from app.t)`,
  `select r.total from (select total, id from app.t) r join lateral (select t2.total as k from app.t t2 where t2.total = r.total) s on true`,
  `with recursive w as (select total from app.t union select w.total + 1 from w where w.total < 9) cycle total set c using p select total from w`,
  `select u.total, u.ord from app.t t, unnest(array[t.total]) with ordinality u(total, ord), rows from (generate_series(1, t.total), generate_series(1,2)) g(a, b)`,
  `select total as "total""x", 1 as total from app.t`,
  `select t.doc['a'] as da, (t.doc->>'x') as dx, t.total from app.t t order by t.doc['a']`,
  `select distinct total, count(*) over () as "count" from app.t group by grouping sets ((total), ()) having grouping(total) = 0`,
  `select t.total from app.t inner join (app.o join app.o p using (id) ) on t.id = o.id`,
  `values (1, (select max(total) from app.t))`,
  `(select total from app.t limit 1) union all (select total from app.o order by 1 limit 2) intersect select total from app.t where total > 0`,
  `select total collate "C" as c from (select total::text as total from app.t) s`,
  `select 'now'::text || total as x, current_date + total as d, total + 1 from app.t for share`,
];
const t = useDatabase(`create schema app;
  create table app.t (id integer primary key, total integer, doc jsonb);
  create table app.o (id integer, total integer);
  ${SELECTS.map((select, n) => `create view app.v${n} as ${select}`).join(";\n")};
  alter table app.t add column amount integer`);

const views = async () => (await readSnapshot(t.db, TABLE)).table?.dependentViews ?? [];

test("each gives what it gave, and the old column can go", async () => {
  const before = await views();
  expect(before).toHaveLength(SELECTS.length);
  const texts = new Map<string, string>();
  for (const { view, definition } of before) {
    const text = renameInSelect(definition, TABLE, "total", "amount");
    await t.sql(`create or replace view ${qualified(view)} as ${text}`);
    texts.set(view.name, text);
  }
  await t.sql("alter table app.t drop column total");
  for (const { view, definition, outputs } of await views()) {
    // As the server prints it, it is what it was told.
    expect(definition).toBe(texts.get(view.name));
    expect(outputs).toEqual(before.find((one) => one.view.name === view.name)?.outputs);
  }
});
