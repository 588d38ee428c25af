create schema app;
create schema "Other";
create table "Other"."Users" ("Id" bigint primary key, "Kind" integer not null default 0, unique ("Id", "Kind"), unique ("Kind", "Id"));
insert into "Other"."Users" select n from generate_series(0, 30) n;
create table app.notes (
  id bigint primary key,
  owner bigint not null default 0,
  kind integer default 0,
  constraint notes_owner foreign key (owner) references "Other"."Users" on update cascade on delete set default,
  constraint notes_owner_kind foreign key (owner, kind) references "Other"."Users" ("Id", "Kind") match simple on update restrict on delete cascade,
  constraint "Notes' owner" foreign key (owner) references app.notes (id) deferrable initially deferred
);
insert into app.notes select n, n % 30 from generate_series(0, 200) n;
set constraints all immediate;
alter table app.notes add constraint notes_unchecked foreign key (kind, owner) references "Other"."Users" ("Kind", "Id") not valid;
