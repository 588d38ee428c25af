-- changeover revision 4eb749b1281a
-- parent              e15ebe4697c8
-- plan                partitioned-levels
-- name                validate
-- change              rename_column app.t.email to mail
-- title               validate the constraints of mail, gather its statistics
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
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.t
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 't' and s.attname = 'mail') or not exists (select from app.t)
analyze app.t;

-- downgrade
