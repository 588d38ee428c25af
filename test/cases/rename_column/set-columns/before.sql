-- server >= 15
create table public.owners (id integer, kind integer, primary key (id, kind));
insert into public.owners select n, n % 3 from generate_series(1, 30) n;
create table public.pets (id integer primary key, owner integer, kind integer default 0,
  constraint pets_owner foreign key (owner, kind) references public.owners on delete set null (owner),
  constraint pets_default foreign key (owner, kind) references public.owners on delete set default (owner, kind) deferrable);
insert into public.pets select n, 1 + n % 30, (1 + n % 30) % 3 from generate_series(1, 100) n;
