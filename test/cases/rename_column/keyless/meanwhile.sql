delete from public.log where message = 'line 7';
insert into public.log (message, level) select 'line 7', 7 from generate_series(1, 3);
