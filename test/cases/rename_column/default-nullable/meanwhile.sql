insert into app.jobs (id) values (1000) on conflict do nothing;
insert into app.jobs (id, state) values (1001, null) on conflict do nothing;
update app.jobs set state = null where id = 1;
update app.jobs set state = default where id = 102;
