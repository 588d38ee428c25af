-- changeover revision 87f71cb1857e
-- parent              6639e3bd9550
-- plan                nondeterministic
-- name                drop
-- change              rename_column app.tags.tag to keyword
-- title               drop tag; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.tags (tag)
-- scope added         keyword
-- expects             column tag f94d604e8660
-- expects             index tags_c 5943f548829e
-- expects             index tags_tag e009a5d6746f
-- expects             table app.tags 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.tags.tag
-- deploy old          no: column tag is gone
-- deploy new          yes: the change is complete
-- irreversible        column tag was dropped; rename keyword back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_4508936d_2_sync_insert" on app.tags;
drop trigger if exists "~~changeover_4508936d_2_sync_update" on app.tags;
drop trigger if exists "~~changeover_4508936d_1_old_insert" on app.tags;
drop trigger if exists "~~changeover_4508936d_1_old_update" on app.tags;
drop trigger if exists "~~changeover_4508936d_1_new_insert" on app.tags;
drop trigger if exists "~~changeover_4508936d_1_new_update" on app.tags;
drop function if exists changeover.sync_4508936d();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tags drop column tag;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.changeover_tags_c rename to tags_c;
alter index app.changeover_tags_tag rename to tags_tag;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'nondeterministic';

-- downgrade
