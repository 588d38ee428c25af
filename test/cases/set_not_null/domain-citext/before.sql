create schema ext;
create extension citext schema ext;
create domain public.mail as ext.citext;
create table public.users (id integer primary key, email public.mail unique, name text not null);
insert into public.users select n, case when n % 2 = 0 then 'User' || n end, 'Name' || n from generate_series(1, 200) n;
