-- changeover revision a4214960ce11
-- parent              5e6e686d7da0
-- plan                foreign-keys
-- name                drop
-- change              rename_column app.notes.owner to user_id
-- title               drop owner; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.notes (owner)
-- scope added         user_id
-- expects             column owner 12fbaa604379
-- expects             table app.notes 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.notes.owner
-- deploy old          no: column owner is gone
-- deploy new          yes: the change is complete
-- irreversible        column owner was dropped; rename user_id back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_cf1e509a_2_sync_insert" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_2_sync_update" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_1_old_insert" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_1_old_update" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_1_new_insert" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_1_new_update" on app.notes;
drop function if exists changeover.sync_cf1e509a();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes drop column owner;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.notes alter column user_id set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.notes drop constraint if exists changeover_notes_owner_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.notes rename constraint changeover_notes_owner_not_null to notes_owner_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes rename constraint "changeover_Notes' owner" to "Notes' owner";
alter table app.notes rename constraint changeover_notes_owner to notes_owner;
alter table app.notes rename constraint changeover_notes_owner_kind to notes_owner_kind;
alter table app.notes rename constraint changeover_notes_unchecked to notes_unchecked;
alter table app.notes alter column user_id set default 0;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'foreign-keys';

-- downgrade
