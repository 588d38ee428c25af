-- changeover revision defd6723592d
-- parent              44a91411eef1
-- plan                default-nullable
-- name                fill
-- change              rename_column app.jobs.state to status
-- title               fill status from state
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.jobs (state)
-- scope added         status
-- expects             column state a668473b94a3
-- expects             table app.jobs 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.jobs
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.jobs set status = state
where ctid = any (array(
  select ctid from app.jobs where ctid >= $1::tid and ctid < $2::tid and status is null and state is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.jobs where ctid >= $1::tid and ctid < $2::tid and status is null and state is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.jobs where ctid >= $1::tid and ctid < $2::tid and status is null and state is not null;

-- one: fills the row at $1
update app.jobs set status = state where ctid = $1::tid and status is null and state is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where state is distinct from status) as apart from app.jobs where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.jobs where ctid >= $1::tid and ctid < $2::tid and state is distinct from status;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select state as value from app.jobs where ctid = $1::tid;

-- back: the same, while the new one is
select status as value from app.jobs where ctid = $1::tid;

-- downgrade
