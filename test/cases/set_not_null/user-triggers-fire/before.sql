create table public.docs (id integer primary key, body text, revision integer not null default 0);
create function public.count_revision() returns trigger language plpgsql as $$ begin new.revision := 1; return new; end $$;
insert into public.docs select n, case when n % 2 = 0 then 'body' end from generate_series(1, 200) n;
create trigger count_revision before update on public.docs for each row execute function public.count_revision();
