delete from public.log where level is null;
