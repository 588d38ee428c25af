-- changeover revision e15ebe4697c8
-- parent              0eb3a7c7fc44
-- plan                partitioned-levels
-- name                index
-- change              rename_column app.t.email to mail
-- title               build the indexes of mail
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.t (email)
-- scope added         mail
-- expects             column email 2331e884d737
-- expects             constraint t_once 5f23e8dec668
-- expects             index t_email_idx 79ecc23bc0bf
-- expects             index t_once 1c08b7d0b833
-- expects             table app.t 5b7b0a57c90b
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-t-email-idx: twin of t_email_idx, INVALID until each partition has its own
--   lock     SHARE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_t_email_idx') is not null
create index changeover_t_email_idx on only app.t using btree ((lower(mail)), region);

-- step build-changeover-t-email-idx: twin of t_email_idx
--   lock     SHARE UPDATE EXCLUSIVE on app.t
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_t_email_idx')), false)
--   each     leaf of app.t
create index concurrently changeover_t_email_idx on app.t using btree ((lower(mail)), region);

-- step create-changeover-t-once: twin of t_once, INVALID until each partition has its own
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_t_once') is not null
alter table only app.t add constraint changeover_t_once unique (mail, region, kind, id);

-- step build-changeover-t-once: twin of t_once
--   lock     SHARE UPDATE EXCLUSIVE on app.t
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_t_once')), false)
--   each     leaf of app.t
create unique index concurrently changeover_t_once on app.t using btree (mail, region, kind, id);

-- downgrade

-- step drop-changeover-t-email-idx: with those of the partitions
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_t_email_idx') is null
--   each     leaf of app.t
drop index if exists app.changeover_t_email_idx;

-- step drop-changeover-t-once: with those of the partitions
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_t_once') is null
--   each     leaf of app.t
alter table app.t drop constraint if exists changeover_t_once;
