update app.people set moods = array['it''s ok', first]::app."Mood"[] where moods is null;
alter table app.people alter column moods set not null;
