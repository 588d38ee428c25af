update public.docs set body = '{"a":1}' where id = 1;
update public.docs set body = '{"a": 1}' where id = 1;
update public.docs set n = 5 where id in (2, 3, 4);
update public.docs set body = null where id = 5;
