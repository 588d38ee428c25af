alter table app.people rename column moods to states;
