create schema app;
do $$ begin create role case_reader; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role case_writer; exception when duplicate_object or unique_violation then null; end $$;
create table app.regions (region integer, code text collate "C", primary key (region, code), unique (code, region));
insert into app.regions select n % 5, 'c' || n from generate_series(0, 199) n;
create function app.shout(text) returns text language sql immutable strict as $$ select upper($1) $$;
create function app.same(text, text) returns boolean language sql immutable strict as $$ select upper($1) = upper($2) $$;
create operator app.=== (leftarg = text, rightarg = text, function = app.same);
create function app.backward(text, text) returns integer language sql immutable strict
  as $$ select case when $1 collate "C" > $2 collate "C" then -1 when $1 collate "C" = $2 collate "C" then 0 else 1 end $$;
create operator class app.backward for type text using btree as
  operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 app.backward(text, text);
create table app.stock (
  warehouse integer,
  gone text,
  id integer,
  code text collate "C" not null default 'c' || '0',
  region integer not null,
  amount integer not null default 0,
  parent integer,
  primary key (warehouse, id),
  constraint stock_code_once unique (code, warehouse, id),
  constraint stock_amount_once unique (warehouse, id, amount) include (code) with (fillfactor = 70),
  constraint stock_not_zero check (not code operator(app.===) 'ZERO' and app.shout(code) <> 'NOUGHT'),
  constraint stock_code_region check (length(code) + region < 50 and code <> 'it''s "code" -- code'),
  constraint stock_region_code foreign key (region, code) references app.regions on update cascade,
  constraint stock_code_only foreign key (code, region) references app.regions (code, region) match full deferrable,
  constraint stock_parent foreign key (warehouse, parent) references app.stock (warehouse, id)
);
alter table app.stock drop column gone;
insert into app.stock select n % 2, n, 'c' || n % 200, (n % 200) % 5, n, null from generate_series(1, 300) n;
set constraints all immediate;
update app.stock set parent = id - 2 where id > 2;
alter table app.stock add constraint "Stock ""code"" starts" check (code ~ '^c\d+$' or stock.code = 'code') not valid;
create index stock_wide on app.stock (region, code desc, (amount + length(code)), parent nulls first);
create unique index stock_open on app.stock (code, id) include (amount, parent) where amount > 0 and code is not null;
create index stock_twice on app.stock (code, upper(code), code text_pattern_ops);
create index stock_own on app.stock (app.shout(code), code app.backward desc) where code operator(app.===) code;
create index stock_without on app.stock (region, amount);
comment on column app.stock.code is 'the code''s comment';
comment on constraint stock_region_code on app.stock is 'which region';
comment on constraint stock_code_once on app.stock is 'once';
comment on index app.stock_code_once is 'the index of it';
comment on index app.stock_wide is 'wide';
alter index app.stock_wide alter column 3 set statistics 77;
alter table app.stock alter column code set statistics 42;
grant select (code, region), insert (code) on app.stock to case_reader;
grant update (code) on app.stock to case_writer with grant option;
grant select on app.stock to public;
