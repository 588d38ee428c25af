update app.events set kind = 'none' where kind is null;
alter table app.events alter column kind set not null;
