alter table app.people alter column mood drop default;
alter table app.people alter column mood type app.mood using mood::app.mood;
alter table app.people alter column mood set default ('ok'::text)::app.mood;
