-- as case_owner
create schema app;
do $$ begin create role case_owner login password 'case_owner'; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role views_owner; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin execute format('grant create on database %I to case_owner', current_database()); end $$;
grant views_owner to case_owner;
grant usage, create on schema app to case_owner, views_owner;
create table app.notes (id bigint primary key, body varchar(20));
alter table app.notes owner to case_owner;
grant select on app.notes to views_owner;
-- Its text holds what looks like a line of a revision.
create view app.short with (security_barrier) as
  select id, body, upper(body) as loud, 'it''s
-- step ' || body as marked from app.notes where length(body) < 10;
alter view app.short owner to views_owner;
comment on column app.short.body is 'what it says';
create view app.shorter as select body from app.short;
alter view app.shorter owner to case_owner;
grant select on app.short to case_owner;
insert into app.notes select n, 'note ' || n from generate_series(1, 20) n;
