update app.orders set channel = 'web' where channel is null;
alter table app.orders alter column channel set not null;
