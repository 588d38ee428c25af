update public.events set payload = jsonb_build_object('n', n, 'key?', '{}'::jsonb) where payload is null;
alter table public.events alter column payload set not null;
