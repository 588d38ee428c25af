-- changeover revision 4c9235258153
-- parent              2e5591f98c8b
-- plan                foreign-keys
-- name                validate
-- change              rename_column app.notes.owner to user_id
-- title               validate the constraints of user_id, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.notes (owner)
-- scope added         user_id
-- expects             column owner 12fbaa604379
-- expects             constraint "Notes' owner" cd8a085af75b
-- expects             constraint notes_owner f7bb07a46bb2
-- expects             constraint notes_owner_kind 522514ce6651
-- expects             constraint notes_unchecked 1c10ceaa0313
-- expects             table app.notes 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-notes-owner-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.notes
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'changeover_notes_owner_not_null' and c.convalidated)
alter table app.notes validate constraint changeover_notes_owner_not_null;

-- step validate-changeover-notes-owner
--   lock     SHARE UPDATE EXCLUSIVE on app.notes
--   lock     ROW SHARE on app.notes
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'changeover_Notes'' owner' and c.convalidated)
alter table app.notes validate constraint "changeover_Notes' owner";

-- step validate-changeover-notes-owner-2
--   lock     SHARE UPDATE EXCLUSIVE on app.notes
--   lock     ROW SHARE on "Other"."Users"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'changeover_notes_owner' and c.convalidated)
alter table app.notes validate constraint changeover_notes_owner;

-- step validate-changeover-notes-owner-kind
--   lock     SHARE UPDATE EXCLUSIVE on app.notes
--   lock     ROW SHARE on "Other"."Users"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.notes') and c.conname = 'changeover_notes_owner_kind' and c.convalidated)
alter table app.notes validate constraint changeover_notes_owner_kind;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.notes
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'notes' and s.attname = 'user_id') or not exists (select from app.notes)
analyze app.notes (user_id);

-- downgrade
