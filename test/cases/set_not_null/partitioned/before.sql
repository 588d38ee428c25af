create schema app;
create table app.events (id bigint not null, day integer not null, kind text, note text, primary key (id, day)) partition by range (day);
create table app.events_1 partition of app.events for values from (0) to (100) partition by hash (id);
create table app.events_1_0 partition of app.events_1 for values with (modulus 2, remainder 0);
create table app.events_1_1 partition of app.events_1 for values with (modulus 2, remainder 1);
create table app.events_rest partition of app.events default;
create index events_kind_idx on app.events (kind);
insert into app.events select n, n % 200, case when n % 3 > 0 then 'k' || n end from generate_series(1, 400) n;
