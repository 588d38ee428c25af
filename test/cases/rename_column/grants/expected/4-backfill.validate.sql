-- changeover revision ceb5e9d8eff4
-- parent              5f2edf19f3a4
-- plan                grants
-- name                validate
-- change              rename_column app.secrets.word to phrase
-- title               validate the constraints of phrase, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.secrets (word)
-- scope added         phrase
-- expects             column word 38d560b3da42
-- expects             table app.secrets 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.secrets
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'secrets' and s.attname = 'phrase') or not exists (select from app.secrets)
analyze app.secrets (phrase);

-- downgrade
