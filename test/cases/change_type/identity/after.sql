alter table app.tickets alter column number type bigint;
