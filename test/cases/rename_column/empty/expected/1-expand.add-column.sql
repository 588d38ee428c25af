-- changeover revision c4ca21e4e6d7
-- parent              none
-- plan                empty
-- name                add-column
-- change              rename_column public.nothing.a to b
-- title               add column b, like a
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.nothing (a)
-- scope added         b
-- expects             column a 43aa6624a39f
-- expects             constraint nothing_a_check 0cb2680f5e13
-- expects             constraint nothing_a_key e7e51ecc2975
-- expects             index nothing_a_idx bb0cba42e419
-- expects             index nothing_a_key dde1517ba966
-- expects             table public.nothing 968b76992e65
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like a
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.nothing add column b integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.nothing drop column if exists b;
