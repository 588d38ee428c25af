update app.users set email = 'user1@example.COM' where id = 1;
update app.users set email = 'USER1@example.com' where id = 1;
