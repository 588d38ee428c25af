-- changeover revision 9f4f08866267
-- parent              214c424129f1
-- plan                empty
-- name                validate
-- change              set_not_null public.nothing.a, NULLs become 'b'
-- title               validate that a holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.nothing (a)
-- scope not null      a
-- expects             column a ed856259f67b
-- expects             table public.nothing 968b76992e65
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-nothing-a-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.nothing
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.nothing') and c.conname = 'changeover_nothing_a_not_null' and c.convalidated)
alter table public.nothing validate constraint changeover_nothing_a_not_null;

-- downgrade
