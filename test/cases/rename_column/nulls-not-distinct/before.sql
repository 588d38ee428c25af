-- server >= 15
create table public.slots (id integer primary key, room text, hour integer, constraint slots_once unique nulls not distinct (room, hour));
create unique index slots_room on public.slots (room, id) nulls not distinct with (fillfactor = 80, deduplicate_items = off);
insert into public.slots select n, case when n > 1 then 'room ' || n end, n % 24 from generate_series(1, 200) n;
