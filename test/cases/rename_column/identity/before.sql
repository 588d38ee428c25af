create schema app;
alter default privileges in schema app grant all on sequences to pg_monitor;
create table app.tickets (
  id bigint primary key,
  number integer generated always as identity (sequence name app."Ticket's" start 7 increment 3 minvalue 4 maxvalue 90000 cache 5 cycle),
  other integer
);
revoke all on sequence app."Ticket's" from pg_monitor;
grant usage, select on sequence app."Ticket's" to public;
grant update on sequence app."Ticket's" to pg_read_all_stats with grant option;
comment on sequence app."Ticket's" is 'what''s next';
create unique index on app.tickets (number);
insert into app.tickets (id) select generate_series(1, 100);
