create schema app;
create collation app."Ignore case" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create table app.tags (id integer primary key, tag text collate app."Ignore case", label text);
create unique index tags_tag on app.tags (tag);
create index tags_c on app.tags (tag collate "C" desc, tag);
insert into app.tags select n, case when n % 9 > 0 then 'Tag' || n end from generate_series(1, 200) n;
