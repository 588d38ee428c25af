delete from public.log where message = 'line 7';
insert into public.log select 'line 7', null from generate_series(1, 3);
