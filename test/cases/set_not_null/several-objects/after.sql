update app.goods set kind = id % 7 + shop where kind is null;
alter table app.goods alter column kind set not null;
