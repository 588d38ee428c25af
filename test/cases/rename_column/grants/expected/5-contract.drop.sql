-- changeover revision 99cb1934498b
-- parent              ceb5e9d8eff4
-- plan                grants
-- name                drop
-- change              rename_column app.secrets.word to phrase
-- title               drop word; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.secrets (word)
-- scope added         phrase
-- expects             column word 38d560b3da42
-- expects             table app.secrets 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.secrets.word
-- deploy old          no: column word is gone
-- deploy new          yes: the change is complete
-- irreversible        column word was dropped; rename phrase back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_73e665dc_2_sync_insert" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_2_sync_update" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_1_old_insert" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_1_old_update" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_1_new_insert" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_1_new_update" on app.secrets;
drop function if exists changeover.sync_73e665dc();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.secrets drop column word;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'grants';

-- downgrade
