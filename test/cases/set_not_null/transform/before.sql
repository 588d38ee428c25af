create schema app;
create table app.people (id bigint primary key, "First" text not null, last text, tags varchar(12)[]);
insert into app.people select g, 'First' || g, nullif('Last' || g, 'Last7'), case when g % 5 = 0 then '{own}'::varchar[] end from generate_series(1, 400) g;
create index people_unfilled on app.people (id) where tags is null;
