alter table app.readings alter column sensor type bigint;
alter statistics app.readings_all set statistics 50;
comment on statistics app.readings_all is 'they go together';
