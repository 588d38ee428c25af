update public.points set x = 0 where id = 4;
update public.points set x = '-0' where id = 4;
update public.points set x = '-0' where id = 5;
update public.points set x = 0 where id = 5;
insert into public.points (id) values (1000) on conflict do nothing;
