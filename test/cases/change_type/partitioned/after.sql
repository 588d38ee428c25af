alter table app.orders alter column total type bigint;
