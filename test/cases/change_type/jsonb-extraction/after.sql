alter table public.docs alter column size type integer using (size ->> 'px')::integer;
