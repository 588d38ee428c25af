-- changeover revision f945e1b0a22f
-- parent              none
-- plan                whole-column
-- name                add-column
-- change              rename_column app.orders.total to amount
-- title               add column amount, like total
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total a81b3e53b52e
-- expects             table app.orders 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like total
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add column amount numeric(12,2);

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders alter column amount set storage external;
alter table app.orders alter column amount set statistics 750;
alter table app.orders alter column amount set (n_distinct = '-0.5');
comment on column app.orders.amount is 'in euros, it''s said';
grant select (amount) on app.orders to case_reader;
grant select (amount) on app.orders to public;
grant update (amount) on app.orders to case_reader;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column if exists amount;
