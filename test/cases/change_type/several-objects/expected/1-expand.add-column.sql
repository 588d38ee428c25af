-- changeover revision f19f50ab71b2
-- parent              none
-- plan                several-objects
-- name                add-column
-- change              change_type app.stock.code to bigint
-- title               add code as bigint, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.stock (code)
-- scope added         changeover_code
-- expects             column code 94ba3ece2b90
-- expects             constraint stock_code_even 3a356e9d0ea5
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             constraint stock_code_positive d08146ee8204
-- expects             constraint stock_code_region df13398bd727
-- expects             index stock_brin 4cf19bc3c928
-- expects             index stock_code_once a13086112266
-- expects             index stock_hash e53c1b7de79d
-- expects             index stock_open 33ba3dc9af1e
-- expects             index stock_wide 6a9d1199a501
-- expects             table app.stock 85728e9fabe4
-- expects             trigger touch 9f663ec79def
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like code
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add column changeover_code bigint;

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock alter column changeover_code set statistics 42;
comment on column app.stock.changeover_code is 'the code''s comment';
grant insert (changeover_code) on app.stock to case_reader;
grant select (changeover_code) on app.stock to case_reader;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock drop column if exists changeover_code;
