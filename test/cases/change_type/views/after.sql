alter default privileges in schema app revoke all on tables from views_reader;
drop view app."Some", app.by_id, app.again, app.a_over, app.large;
alter table app.orders alter column total type bigint;
create view app.large with (security_barrier = true, check_option = local) as
  select id, customer, total, total * 2 as twice from app.orders where total > 10;
alter view app.large owner to views_owner;
grant select, update on app.large to views_reader;
grant all on app.large to pg_monitor;
grant insert (id, total) on app.large to views_reader with grant option;
revoke delete, truncate on app.large from views_owner;
comment on view app.large is 'it''s the large ones';
comment on column app.large.total is 'in "euros"';
alter view app.large alter total set default 11;
create view app.a_over as select l.total, c.name from app.large l join app.customers c on c.id = l.customer;
grant select on app.a_over to public;
create view app.again as select a.name, max(a.total) as most from app.a_over a group by a.name;
create view app.by_id as select o.id, o.total, count(*) as n from app.orders o join app.customers c on c.id = o.customer group by o.id;
create view app."Some" as select id from app.orders where total is not null;
