update app.people set tags = array_remove(array["First", last], null) where tags is null;
alter table app.people alter tags set not null;
