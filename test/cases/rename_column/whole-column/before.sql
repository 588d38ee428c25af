create schema app;
do $$ begin create role case_reader; exception when duplicate_object or unique_violation then null; end $$;
create table app.orders (
  id bigint primary key,
  total numeric(12, 2) not null default 0.00,
  created_at timestamptz not null default now()
);
comment on column app.orders.total is 'in euros, it''s said';
alter table app.orders alter column total set statistics 750;
alter table app.orders alter column total set (n_distinct = -0.5);
alter table app.orders alter column total set storage external;
grant select (total), update (total) on app.orders to case_reader;
grant select (total) on app.orders to public;
insert into app.orders select n, n * 1.50, '2026-01-01' from generate_series(1, 500) n;
