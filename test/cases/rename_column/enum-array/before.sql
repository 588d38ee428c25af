create schema app;
create type app."Mood" as enum ('sad', 'it''s ok', 'HAPPY');
create table app.people (
  id integer primary key,
  moods app."Mood"[] not null default array['sad']::app."Mood"[],
  constraint people_moods check (moods[1] <> 'HAPPY'::app."Mood" or cardinality(moods) < 4)
);
create index people_first on app.people ((moods[1]), moods);
insert into app.people select n, case when n % 2 = 0 then array['it''s ok', 'HAPPY']::app."Mood"[] else '{}' end from generate_series(1, 200) n;
