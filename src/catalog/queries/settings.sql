-- Sets settings for the rest of the transaction.
-- $1 text[]: names
-- $2 text[]: values
select set_config(name, value, true) from unnest($1::text[], $2::text[]) as local (name, value)
