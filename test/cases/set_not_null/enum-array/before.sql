create schema app;
create type app."Mood" as enum ('sad', 'it''s ok', 'HAPPY');
create table app.people (id integer primary key, first app."Mood" not null, moods app."Mood"[]);
insert into app.people select n, 'HAPPY', case when n % 2 = 0 then array['sad']::app."Mood"[] end from generate_series(1, 200) n;
