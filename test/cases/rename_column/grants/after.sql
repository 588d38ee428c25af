alter table app.secrets rename column word to phrase;
