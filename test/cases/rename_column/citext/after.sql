alter table app.users rename column email to mail;
