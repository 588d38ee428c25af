-- changeover revision 099f39590a52
-- parent              1999d32feed9
-- plan                empty
-- name                index
-- change              rename_column public.nothing.a to b
-- title               build the indexes of b
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.nothing (a)
-- scope added         b
-- expects             column a 43aa6624a39f
-- expects             constraint nothing_a_check 0cb2680f5e13
-- expects             constraint nothing_a_key e7e51ecc2975
-- expects             index nothing_a_idx bb0cba42e419
-- expects             index nothing_a_key dde1517ba966
-- expects             table public.nothing 968b76992e65
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-nothing-a-idx: twin of nothing_a_idx
--   lock     SHARE UPDATE EXCLUSIVE on public.nothing
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_nothing_a_idx')), false)
--   heals    public.changeover_nothing_a_idx
create index concurrently changeover_nothing_a_idx on public.nothing using btree (b) where (b > 10);

-- step create-changeover-nothing-a-key: twin of nothing_a_key
--   lock     SHARE UPDATE EXCLUSIVE on public.nothing
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_nothing_a_key')), false)
--   heals    public.changeover_nothing_a_key
create unique index concurrently changeover_nothing_a_key on public.nothing using btree (b);

-- downgrade

-- step drop-changeover-nothing-a-idx
--   lock     SHARE UPDATE EXCLUSIVE on public.nothing
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_nothing_a_idx') is null
drop index concurrently if exists public.changeover_nothing_a_idx;

-- step drop-changeover-nothing-a-key
--   lock     SHARE UPDATE EXCLUSIVE on public.nothing
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_nothing_a_key') is null
drop index concurrently if exists public.changeover_nothing_a_key;
