create schema app;
create table app.t (id bigint not null, region text not null, kind integer not null, email text default 'none', pad text)
  partition by list (region);
create table app.t_eu partition of app.t for values in ('eu') partition by hash (kind);
create table app.t_eu_0 partition of app.t_eu for values with (modulus 2, remainder 0);
create table app.t_eu_1 partition of app.t_eu for values with (modulus 2, remainder 1) partition by range (id);
create table app.t_eu_1_low partition of app.t_eu_1 for values from (0) to (100);
create table app.t_eu_1_rest partition of app.t_eu_1 default;
create table app.t_rest partition of app.t default;
alter table app.t add constraint t_once unique (email, region, kind, id);
create index t_email_idx on app.t (lower(email), region);
comment on index app.t_email_idx is 'by address';
insert into app.t select n, case n % 2 when 0 then 'eu' else 'us' end, n % 7, case when n % 5 > 0 then 'u' || n end from generate_series(1, 500) n;
