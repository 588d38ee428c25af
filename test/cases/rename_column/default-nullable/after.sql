alter table app.jobs rename column state to status;
