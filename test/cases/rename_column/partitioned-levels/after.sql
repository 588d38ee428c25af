alter table app.t rename column email to mail;
