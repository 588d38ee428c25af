-- changeover revision df4c9901770c
-- parent              bd465330312a
-- plan                several-objects
-- name                foreign-key-stock-code-region
-- change              change_type app.stock.code to bigint
-- title               add the twin of foreign key stock_code_region
-- lane                tail
-- phase               backfill
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
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-foreign-key
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   lock     SHARE ROW EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table app.stock add constraint changeover_stock_code_region foreign key (changeover_code) references app.regions (code) not valid;

-- downgrade

-- step drop-foreign-key
--   lock     ACCESS EXCLUSIVE on app.stock
--   lock     ACCESS EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table app.stock drop constraint if exists changeover_stock_code_region;
