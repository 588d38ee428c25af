alter table app.stock alter column code type bigint;
alter index app.stock_wide alter column 3 set statistics 77;
