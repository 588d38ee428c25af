-- changeover revision b6f5e9c326d5
-- parent              5768114ecf92
-- plan                transform
-- name                set-not-null
-- change              set_not_null app.people.tags, NULLs become what a transform of "First", last gives
-- title               make tags NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.people (tags, "First", last)
-- scope not null      tags
-- expects             column First 0d661d9eee16
-- expects             column last 4eff35d3cbe7
-- expects             column tags 6d10f7a2eea7
-- expects             index people_unfilled f864b4a694fe
-- expects             table app.people 85728e9fabe4
-- gate                backfill
-- gate                verified since the confirm
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people alter column tags set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people drop constraint if exists changeover_people_tags_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.people rename constraint changeover_people_tags_not_null to people_tags_not_null;

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_aa214ea3_1_old_insert" on app.people;
drop trigger if exists "~~changeover_aa214ea3_1_old_update" on app.people;
drop function if exists changeover.sync_aa214ea3();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'transform';

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.people rename constraint people_tags_not_null to changeover_people_tags_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people add constraint changeover_people_tags_not_null check (tags is not null) not valid;

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_aa214ea3_1_old_insert" before insert on app.people
  for each row when (new.tags is null and current_setting('changeover.seen_aa214ea3_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('transform', 'old', 'changeover.seen_aa214ea3_old', '10');
alter table app.people enable always trigger "~~changeover_aa214ea3_1_old_insert";
create trigger "~~changeover_aa214ea3_1_old_update" before update of tags on app.people
  for each row when (new.tags is null and current_setting('changeover.seen_aa214ea3_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('transform', 'old', 'changeover.seen_aa214ea3_old', '10');
alter table app.people enable always trigger "~~changeover_aa214ea3_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('transform', 'epoch', session_user, '', 0);
