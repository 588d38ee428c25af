create schema app;
do $$ begin create role case_reader; exception when duplicate_object or unique_violation then null; end $$;
create table app.kinds (id integer primary key, label text);
insert into app.kinds select n from generate_series(0, 400) n;
create table app.goods (
  shop integer,
  id integer,
  kind integer default 5 references app.kinds on delete set null,
  price numeric(10, 2),
  primary key (shop, id),
  constraint goods_kind unique (kind, shop, id),
  constraint goods_kind_price check (kind >= 0 and price is distinct from 0.01),
  constraint goods_kind_given check (kind is not null or price is null) not valid
);
create unique index goods_kind_idx on app.goods (kind desc nulls last, id) include (price) where kind is not null;
create index on app.goods ((kind * 2), kind);
create statistics app.goods_stats on kind, price from app.goods;
comment on column app.goods.kind is 'what it is';
alter table app.goods alter column kind set statistics 33;
grant select (kind), update (kind) on app.goods to case_reader;
create view app.kinds_of as select kind from app.goods;
insert into app.goods select n % 2, n, case when n % 3 = 0 then null else n end, case when n % 3 = 0 then null else n end from generate_series(1, 300) n;
