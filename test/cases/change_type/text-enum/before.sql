create schema app;
create type app.mood as enum ('sad', 'ok', 'happy');
create table app.people (id bigint primary key, mood text not null default 'ok', note text);
insert into app.people select n, (array['sad', 'ok', 'happy'])[1 + n % 3], 'note ' || n from generate_series(1, 300) n;
create index people_mood on app.people (mood, id);
