create schema app;
create table app.jobs (id integer primary key, state text collate "POSIX" default 'it''s new', other date default '2026-02-01');
alter table app.jobs alter column state set storage main;
alter table app.jobs alter column state set compression pglz;
insert into app.jobs (id) select n from generate_series(1, 100) n;
insert into app.jobs select n, nullif(n % 3, 0)::text from generate_series(101, 200) n;
