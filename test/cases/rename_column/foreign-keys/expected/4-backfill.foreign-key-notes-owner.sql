-- changeover revision 3aa1ab302626
-- parent              f3c4bb8c2b50
-- plan                foreign-keys
-- name                foreign-key-notes-owner
-- change              rename_column app.notes.owner to user_id
-- title               add the twin of foreign key Notes' owner
-- lane                tail
-- phase               backfill
-- runner              transactional
-- scope               app.notes (owner)
-- scope added         user_id
-- expects             column owner 12fbaa604379
-- expects             constraint "Notes' owner" cd8a085af75b
-- expects             constraint notes_owner f7bb07a46bb2
-- expects             constraint notes_owner_kind 522514ce6651
-- expects             constraint notes_unchecked 1c10ceaa0313
-- expects             table app.notes 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step add-foreign-key
--   lock     SHARE ROW EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes add constraint "changeover_Notes' owner" foreign key (user_id) references app.notes (id) deferrable initially deferred not valid;

-- downgrade

-- step drop-foreign-key
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes drop constraint if exists "changeover_Notes' owner";
