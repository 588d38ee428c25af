-- changeover revision 96851dfa28b8
-- parent              4eb749b1281a
-- plan                partitioned-levels
-- name                drop
-- change              rename_column app.t.email to mail
-- title               drop email; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.t (email)
-- scope added         mail
-- expects             column email 2331e884d737
-- expects             constraint t_once 5f23e8dec668
-- expects             index t_email_idx 79ecc23bc0bf
-- expects             index t_once 1c08b7d0b833
-- expects             table app.t 5b7b0a57c90b
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.t.email
-- deploy old          no: column email is gone
-- deploy new          yes: the change is complete
-- irreversible        column email was dropped; rename mail back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_c68a45d3_2_sync_insert" on app.t;
drop trigger if exists "~~changeover_c68a45d3_2_sync_update" on app.t;
drop trigger if exists "~~changeover_c68a45d3_1_old_insert" on app.t;
drop trigger if exists "~~changeover_c68a45d3_1_old_update" on app.t;
drop trigger if exists "~~changeover_c68a45d3_1_new_insert" on app.t;
drop trigger if exists "~~changeover_c68a45d3_1_new_update" on app.t;
drop function if exists changeover.sync_c68a45d3();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.t drop column email;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.changeover_t_email_idx rename to t_email_idx;
alter table app.t rename constraint changeover_t_once to t_once;
comment on index app.t_email_idx is 'by address';
alter table app.t alter column mail set default 'none'::text;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'partitioned-levels';

-- downgrade
