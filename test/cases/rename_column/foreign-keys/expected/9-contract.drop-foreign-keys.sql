-- changeover revision 5e6e686d7da0
-- parent              4c9235258153
-- plan                foreign-keys
-- name                drop-foreign-keys
-- change              rename_column app.notes.owner to user_id
-- title               drop the foreign keys of owner; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               app.notes (owner)
-- scope added         user_id
-- expects             column owner 12fbaa604379
-- expects             constraint "Notes' owner" cd8a085af75b
-- expects             constraint notes_owner f7bb07a46bb2
-- expects             constraint notes_owner_kind 522514ce6651
-- expects             constraint notes_unchecked 1c10ceaa0313
-- expects             table app.notes 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.notes.owner
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: the new column is complete

-- upgrade

-- step drop-notes-owner
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'Notes'' owner')
alter table app.notes drop constraint if exists "Notes' owner";

-- step drop-notes-owner-2
--   lock     ACCESS EXCLUSIVE on app.notes
--   lock     ACCESS EXCLUSIVE on "Other"."Users"
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'notes_owner')
alter table app.notes drop constraint if exists notes_owner;

-- step drop-notes-owner-kind
--   lock     ACCESS EXCLUSIVE on app.notes
--   lock     ACCESS EXCLUSIVE on "Other"."Users"
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'notes_owner_kind')
alter table app.notes drop constraint if exists notes_owner_kind;

-- step drop-notes-unchecked
--   lock     ACCESS EXCLUSIVE on app.notes
--   lock     ACCESS EXCLUSIVE on "Other"."Users"
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'notes_unchecked')
alter table app.notes drop constraint if exists notes_unchecked;

-- downgrade

-- step add-notes-owner
--   lock     SHARE ROW EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'Notes'' owner')
alter table app.notes add constraint "Notes' owner" foreign key (owner) references app.notes (id) deferrable initially deferred not valid;

-- step validate-notes-owner
--   lock     SHARE UPDATE EXCLUSIVE on app.notes
--   lock     ROW SHARE on app.notes
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'Notes'' owner' and c.convalidated)
alter table app.notes validate constraint "Notes' owner";

-- step add-notes-owner-2
--   lock     SHARE ROW EXCLUSIVE on app.notes
--   lock     SHARE ROW EXCLUSIVE on "Other"."Users"
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'notes_owner')
alter table app.notes add constraint notes_owner foreign key (owner) references "Other"."Users" ("Id") on update cascade on delete set default not valid;

-- step validate-notes-owner-2
--   lock     SHARE UPDATE EXCLUSIVE on app.notes
--   lock     ROW SHARE on "Other"."Users"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'notes_owner' and c.convalidated)
alter table app.notes validate constraint notes_owner;

-- step add-notes-owner-kind
--   lock     SHARE ROW EXCLUSIVE on app.notes
--   lock     SHARE ROW EXCLUSIVE on "Other"."Users"
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'notes_owner_kind')
alter table app.notes add constraint notes_owner_kind foreign key (owner, kind) references "Other"."Users" ("Id", "Kind") on update restrict on delete cascade not valid;

-- step validate-notes-owner-kind
--   lock     SHARE UPDATE EXCLUSIVE on app.notes
--   lock     ROW SHARE on "Other"."Users"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'notes_owner_kind' and c.convalidated)
alter table app.notes validate constraint notes_owner_kind;

-- step add-notes-unchecked
--   lock     SHARE ROW EXCLUSIVE on app.notes
--   lock     SHARE ROW EXCLUSIVE on "Other"."Users"
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'notes_unchecked')
alter table app.notes add constraint notes_unchecked foreign key (kind, owner) references "Other"."Users" ("Kind", "Id") not valid;
