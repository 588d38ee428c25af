-- changeover revision d32bb99c8cee
-- parent              none
-- plan                transform
-- name                note
-- change              set_not_null app.people.tags, NULLs become what a transform of "First", last gives
-- title               note who still sends NULL for tags
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.people (tags, "First", last)
-- scope not null      tags
-- expects             column First 0d661d9eee16
-- expects             column last 4eff35d3cbe7
-- expects             column tags 6d10f7a2eea7
-- expects             index people_unfilled f864b4a694fe
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: a NULL that it sends is noted, and filled later
-- deploy new          yes: it never sends NULL

-- upgrade

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

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_aa214ea3_1_old_insert" on app.people;
drop trigger if exists "~~changeover_aa214ea3_1_old_update" on app.people;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'transform';
