alter table app.notes rename column owner to user_id;
