-- changeover revision 3b850f108b0a
-- parent              961cf416257c
-- plan                keyless-unfilled
-- name                constrain
-- change              set_not_null public.log.level
-- title               refuse NULL in level from here on
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.log (level)
-- scope not null      level
-- expects             column level b09cdaee8b9a
-- expects             table public.log 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.log add constraint changeover_log_level_not_null check (level is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.log add constraint changeover_log_level_not_null not null level not valid;

-- downgrade

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.log drop constraint if exists changeover_log_level_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.log alter column level drop not null;
