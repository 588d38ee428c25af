alter table app.orders rename column total to amount;
create or replace function app.double() returns trigger language plpgsql as $$ begin new.doubled := new.amount * 2; return new; end $$;
create or replace function app.sum() returns bigint language sql as $$ select sum(amount) from app.orders $$;
