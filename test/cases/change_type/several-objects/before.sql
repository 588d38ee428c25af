create schema app;
do $$ begin create role case_reader; exception when duplicate_object or unique_violation then null; end $$;
create table app.regions (region integer primary key, code integer unique);
insert into app.regions select n, n * 10 from generate_series(1, 50) n;
create table app.stock (
  warehouse integer,
  gone text,
  id integer,
  code integer not null default 10,
  amount integer not null default 0,
  primary key (warehouse, id),
  constraint stock_code_once unique (code, warehouse, id),
  constraint stock_code_positive check (code > 0),
  constraint stock_code_region foreign key (code) references app.regions (code)
);
alter table app.stock drop column gone;
insert into app.stock select n % 2, n, 10 + (n % 50) * 10, n from generate_series(1, 300) n on conflict do nothing;
alter table app.stock add constraint stock_code_even check (code % 2 = 0) not valid;
create index stock_wide on app.stock (amount, code desc, (amount + code));
create unique index stock_open on app.stock (code, id) include (amount) where amount > 0 and code is not null;
create index stock_hash on app.stock using hash (code);
create index stock_brin on app.stock using brin (code) with (pages_per_range = 4);
create index stock_without on app.stock (amount);
comment on column app.stock.code is 'the code''s comment';
comment on constraint stock_code_region on app.stock is 'which region';
comment on constraint stock_code_once on app.stock is 'once';
comment on index app.stock_wide is 'wide';
alter index app.stock_wide alter column 3 set statistics 77;
alter table app.stock alter column code set statistics 42;
grant select (code, amount), insert (code) on app.stock to case_reader;
alter table app.stock cluster on stock_wide;
create function app.touch() returns trigger language plpgsql as $$ begin new.amount := new.amount + new.code - new.code; return new; end $$;
create trigger touch before insert or update on app.stock for each row execute function app.touch();
