insert into public.docs (id, size) values (1001, '{"px": 9, "unit": "px"}'), (1002, null) on conflict do nothing;
