-- changeover revision a15d5bf4d333
-- parent              none
-- plan                varchar-wider
-- name                alter-type
-- change              change_type public.people.name to varchar(60)
-- title               make name character varying(60); the catalog alone changes
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.people (name)
-- expects             column name 1221164b9889
-- expects             index people_name b8e3e148c7f5
-- expects             table public.people 85728e9fabe4
-- deploy old          yes: the values stay as they are
-- deploy new          yes: the values stay as they are
-- irreversible        back to character varying(20) every row would have to be looked at under a lock that stops everybody: plan that as a change of its own

-- upgrade

-- step alter-type: no rewrite, no scan: the values are stored alike
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.people alter column name type character varying(60);

-- downgrade
