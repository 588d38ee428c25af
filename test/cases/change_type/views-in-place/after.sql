drop view app.shorter, app.short;
alter table app.notes alter column body type text;
create view app.short with (security_barrier) as
  select id, body, upper(body) as loud, 'it''s
-- step ' || body as marked from app.notes where length(body) < 10;
alter view app.short owner to views_owner;
comment on column app.short.body is 'what it says';
create view app.shorter as select body from app.short;
alter view app.shorter owner to case_owner;
grant select on app.short to case_owner;
