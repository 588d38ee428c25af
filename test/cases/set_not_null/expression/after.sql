update public."Ümläut" set "Nick" = "Name" || ' (nick)' where "Nick" is null;
alter table public."Ümläut" alter column "Nick" set not null;
