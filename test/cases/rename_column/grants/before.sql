-- as case_owner
create schema app;
do $$ begin create role case_owner login password 'case_owner'; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin execute format('grant create on database %I to case_owner', current_database()); end $$;
do $$ begin create role case_reader; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role "Case ""writer"""; exception when duplicate_object or unique_violation then null; end $$;
grant usage, create on schema app to case_owner;
create table app.secrets (id integer primary key, word text, hint text);
insert into app.secrets select n, 'word ' || n from generate_series(1, 100) n;
alter table app.secrets owner to case_owner;
grant select (word), references (word) on app.secrets to "Case ""writer""" with grant option;
grant insert (word, hint), update (word) on app.secrets to case_reader;
