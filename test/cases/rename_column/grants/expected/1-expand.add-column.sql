-- changeover revision 4594db5253e7
-- parent              none
-- plan                grants
-- name                add-column
-- change              rename_column app.secrets.word to phrase
-- title               add column phrase, like word
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.secrets (word)
-- scope added         phrase
-- expects             column word 38d560b3da42
-- expects             table app.secrets 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like word
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.secrets add column phrase text;

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
grant insert (phrase) on app.secrets to case_reader;
grant references (phrase) on app.secrets to "Case ""writer""" with grant option;
grant select (phrase) on app.secrets to "Case ""writer""" with grant option;
grant update (phrase) on app.secrets to case_reader;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.secrets drop column if exists phrase;
