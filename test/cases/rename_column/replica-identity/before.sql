create table public.cars (id integer, plate text not null, wheels integer);
insert into public.cars select n, 'plate ' || n, 4 from generate_series(1, 100) n;
create unique index cars_plate on public.cars (plate);
alter table public.cars replica identity using index cars_plate;
