insert into app.notes (id) values (1000) on conflict do nothing;
delete from "Other"."Users" where "Id" = 29;
