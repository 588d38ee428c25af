-- changeover revision 718088877d2d
-- parent              none
-- plan                foreign-keys
-- name                add-column
-- change              rename_column app.notes.owner to user_id
-- title               add column user_id, like owner
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.notes (owner)
-- scope added         user_id
-- expects             column owner 12fbaa604379
-- expects             constraint "Notes' owner" cd8a085af75b
-- expects             constraint notes_owner f7bb07a46bb2
-- expects             constraint notes_owner_kind 522514ce6651
-- expects             constraint notes_unchecked 1c10ceaa0313
-- expects             table app.notes 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like owner
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes add column user_id bigint;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes drop column if exists user_id;
