-- changeover revision 5caaf171e1c3
-- parent              8e22c46dd014
-- plan                views
-- name                views
-- change              rename_column app.orders.total to amount
-- title               let the views over total read amount; what they give keeps its names
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total 55e7c16dd7d6
-- expects             table app.orders 85728e9fabe4
-- expects             view "app.\"Every Way\"" e76cbe0bbb57
-- expects             view app.grouped acb143d3231d
-- expects             view app.joined a731ef3f02e3
-- expects             view app.large cc0fc9a702db
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step replace-every-way
--   lock     ACCESS EXCLUSIVE on app."Every Way"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = pg_catalog.to_regclass('app."Every Way"') and d.refobjid = pg_catalog.to_regclass('app.orders') and a.attname = 'total')
create or replace view app."Every Way" as
WITH sums AS (
         SELECT orders.customer,
            sum(orders.amount) AS total
           FROM app.orders
          GROUP BY orders.customer
        ), plain AS (
         SELECT orders.amount AS total
           FROM app.orders
        )
(
         SELECT sums.total
           FROM sums
        UNION ALL
         SELECT plain.total
           FROM plain
) UNION
 SELECT x.total
   FROM ( SELECT orders.amount AS total
           FROM app.orders) x
  ORDER BY 1;

-- step replace-grouped
--   lock     ACCESS EXCLUSIVE on app.grouped
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = pg_catalog.to_regclass('app.grouped') and d.refobjid = pg_catalog.to_regclass('app.orders') and a.attname = 'total')
create or replace view app.grouped as
SELECT orders.amount AS total,
    count(*) AS n
   FROM app.orders
  GROUP BY orders.amount
 HAVING (max(orders.amount) > (1)::numeric)
  ORDER BY orders.amount;

-- step replace-joined
--   lock     ACCESS EXCLUSIVE on app.joined
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = pg_catalog.to_regclass('app.joined') and d.refobjid = pg_catalog.to_regclass('app.orders') and a.attname = 'total')
create or replace view app.joined as
SELECT o.id,
    o.amount AS total,
    c.total AS credit,
    ( SELECT max(orders.amount) AS max
           FROM app.orders) AS most
   FROM (app.orders o
     JOIN app.customers c ON ((c.id = o.customer)))
  WHERE (EXISTS ( SELECT
           FROM app.customers
          WHERE (customers.total = o.amount)));

-- step replace-large
--   lock     ACCESS EXCLUSIVE on app.large
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = pg_catalog.to_regclass('app.large') and d.refobjid = pg_catalog.to_regclass('app.orders') and a.attname = 'total')
create or replace view app.large with (security_barrier = 'true', check_option = 'cascaded') as
SELECT orders.id,
    orders.amount AS total,
    (orders.amount * (2)::numeric) AS twice
   FROM app.orders
  WHERE (orders.amount > (10)::numeric)
  ORDER BY orders.amount DESC;

-- downgrade

-- step replace-large
--   lock     ACCESS EXCLUSIVE on app.large
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = pg_catalog.to_regclass('app.large') and d.refobjid = pg_catalog.to_regclass('app.orders') and a.attname = 'amount')
create or replace view app.large with (security_barrier = 'true', check_option = 'cascaded') as
SELECT orders.id,
    orders.total,
    (orders.total * (2)::numeric) AS twice
   FROM app.orders
  WHERE (orders.total > (10)::numeric)
  ORDER BY orders.total DESC;

-- step replace-joined
--   lock     ACCESS EXCLUSIVE on app.joined
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = pg_catalog.to_regclass('app.joined') and d.refobjid = pg_catalog.to_regclass('app.orders') and a.attname = 'amount')
create or replace view app.joined as
SELECT o.id,
    o.total,
    c.total AS credit,
    ( SELECT max(orders.total) AS max
           FROM app.orders) AS most
   FROM (app.orders o
     JOIN app.customers c ON ((c.id = o.customer)))
  WHERE (EXISTS ( SELECT
           FROM app.customers
          WHERE (customers.total = o.total)));

-- step replace-grouped
--   lock     ACCESS EXCLUSIVE on app.grouped
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = pg_catalog.to_regclass('app.grouped') and d.refobjid = pg_catalog.to_regclass('app.orders') and a.attname = 'amount')
create or replace view app.grouped as
SELECT orders.total,
    count(*) AS n
   FROM app.orders
  GROUP BY orders.total
 HAVING (max(orders.total) > (1)::numeric)
  ORDER BY orders.total;

-- step replace-every-way
--   lock     ACCESS EXCLUSIVE on app."Every Way"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = pg_catalog.to_regclass('app."Every Way"') and d.refobjid = pg_catalog.to_regclass('app.orders') and a.attname = 'amount')
create or replace view app."Every Way" as
WITH sums AS (
         SELECT orders.customer,
            sum(orders.total) AS total
           FROM app.orders
          GROUP BY orders.customer
        ), plain AS (
         SELECT orders.total
           FROM app.orders
        )
(
         SELECT sums.total
           FROM sums
        UNION ALL
         SELECT plain.total
           FROM plain
) UNION
 SELECT x.total
   FROM ( SELECT orders.total
           FROM app.orders) x
  ORDER BY 1;
