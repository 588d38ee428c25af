create table public.places (id integer primary key, area box, note text);
insert into public.places
  select n, case when n % 6 > 0 then box(point(n, n), point(n + 2, n + 3)) end, 'note ' || n from generate_series(1, 200) n;
create index places_gist on public.places using gist (area) with (fillfactor = 80, buffering = off);
create index places_gist_and on public.places using gist (area) include (id) where note is not null;
create index places_spgist on public.places using spgist (area);
create index places_brin on public.places using brin (area, id) with (pages_per_range = 8, autosummarize = on);
create index places_hash on public.places using hash ((area::text));
create index places_gin on public.places using gin ((string_to_array(area::text, ',')), (array[note])) with (fastupdate = off);
comment on index public.places_gist is 'where it is';
