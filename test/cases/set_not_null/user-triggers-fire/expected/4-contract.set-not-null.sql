-- changeover revision 8d8d0ee7751b
-- parent              5f3693ce297f
-- plan                user-triggers-fire
-- name                set-not-null
-- change              set_not_null public.docs.body, NULLs become ''
-- title               make body NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.docs (body)
-- scope not null      body
-- expects             column body 4eff35d3cbe7
-- expects             table public.docs 85728e9fabe4
-- expects             trigger count_revision 6cc9e47a4734
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.docs alter column body set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.docs drop constraint if exists changeover_docs_body_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.docs rename constraint changeover_docs_body_not_null to docs_body_not_null;

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_66c7673d_2_sync_insert" on public.docs;
drop trigger if exists "~~changeover_66c7673d_1_old_insert" on public.docs;
drop trigger if exists "~~changeover_66c7673d_1_old_update" on public.docs;
drop function if exists changeover.sync_66c7673d();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'user-triggers-fire';

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.docs rename constraint docs_body_not_null to changeover_docs_body_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.docs add constraint changeover_docs_body_not_null check (body is not null) not valid;

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_66c7673d() returns trigger language plpgsql as $$
begin
  new.body := ('');
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_66c7673d_2_sync_insert" before insert or update on public.docs
  for each row when (new.body is null) execute function changeover.sync_66c7673d();
alter table public.docs enable always trigger "~~changeover_66c7673d_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_66c7673d_1_old_insert" before insert on public.docs
  for each row when (new.body is null and current_setting('changeover.seen_66c7673d_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('user-triggers-fire', 'old', 'changeover.seen_66c7673d_old', '10');
alter table public.docs enable always trigger "~~changeover_66c7673d_1_old_insert";
create trigger "~~changeover_66c7673d_1_old_update" before update of body on public.docs
  for each row when (new.body is null and current_setting('changeover.seen_66c7673d_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('user-triggers-fire', 'old', 'changeover.seen_66c7673d_old', '10');
alter table public.docs enable always trigger "~~changeover_66c7673d_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('user-triggers-fire', 'epoch', session_user, '', 0);
