update app.tags set tag = 'TAG1' where id = 1;
update app.tags set tag = 'tag1' where id = 1;
update app.tags set tag = 'tag2' where id = 2;
