update public.imports set amount = '-1' where amount !~ '^-?[0-9]+$';
