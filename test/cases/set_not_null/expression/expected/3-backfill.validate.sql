-- changeover revision 7fe960cdaf6b
-- parent              d4e51a2b06c7
-- plan                expression
-- name                validate
-- change              set_not_null public."Ümläut"."Nick", NULLs become "Name" || ' (nick)'
-- title               validate that Nick holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public."Ümläut" ("Nick", "Name")
-- scope not null      "Nick"
-- expects             column Name 0d661d9eee16
-- expects             column Nick 4eff35d3cbe7
-- expects             table "public.\"Ümläut\"" 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-ml-ut-nick-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public."Ümläut"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public."Ümläut"') and c.conname = 'changeover_Ümläut_Nick_not_null' and c.convalidated)
alter table public."Ümläut" validate constraint "changeover_Ümläut_Nick_not_null";

-- downgrade
