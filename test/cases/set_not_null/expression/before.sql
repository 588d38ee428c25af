create table public."Ümläut" ("Id" uuid primary key, "Name" text not null, "Nick" text);
insert into public."Ümläut" select md5(n::text)::uuid, 'name ' || n, case when n % 2 = 0 then 'nick' end from generate_series(1, 400) n;
