create schema ext;
create extension citext schema ext;
create schema app;
create table app.users (id integer primary key, email ext.citext not null unique, name text);
create unique index users_lower on app.users (lower(email::text), email) where email is not null;
insert into app.users select n, 'User' || n || '@Example.com' from generate_series(1, 200) n;
