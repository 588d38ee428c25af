create table public.docs (id integer primary key, body text, updated_at timestamptz default '2025-01-01');
create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := clock_timestamp(); return new; end $$;
insert into public.docs select n, 'body ' || n from generate_series(1, 300) n;
create trigger touch before update on public.docs for each row execute function public.touch();
