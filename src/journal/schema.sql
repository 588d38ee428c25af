-- The journal: what has happened, in the database that is being changed. Format 1.
--
-- Everything that decides lives here and moves in the transaction of the work it records; queues only wake workers.
-- Every logged table has a primary key, so that a FOR ALL TABLES publication does not refuse our updates.

-- A schema that a DBA made for us need not be ours: IF NOT EXISTS would still ask for CREATE on the database.
do $$
begin
  if to_regnamespace('changeover') is null then
    create schema changeover;
    comment on schema changeover is 'changeover: journal, backfill slices, sync functions. Safe to drop when no plan is open.';
  end if;
end
$$;

-- Whose journal this is. A restored or cloned database carries the same row under another identity, and is refused.
create table changeover.meta (
  singleton         boolean primary key default true check (singleton),
  format            integer not null,
  uuid              uuid not null default gen_random_uuid(),
  system_identifier text not null,
  database          text not null,
  installed_at      timestamptz not null default clock_timestamp()
);

-- One row a lock ("trunk", "plan:<slug>"). Taking the advisory lock bumps the epoch; a runner's transaction holds its
-- epoch FOR SHARE, so one that has lost its lock cannot commit.
create table changeover.lock (
  name   text primary key,
  epoch  bigint not null default 0,
  holder text,
  since  timestamptz
);

create table changeover.plan (
  slug         text primary key,
  change       text not null,               -- in one line
  kind         text not null,
  table_schema text not null,
  table_name   text not null,
  columns      text[] not null,
  opened_at    timestamptz not null default clock_timestamp(),
  paused_at    timestamptz,
  paused_by    text,
  limits       jsonb not null default '{}', -- of its backfill: {workers, rowsPerSecond, walMbPerSecond, duty, signals}
  mirror       jsonb not null default '{}'  -- its triggers as they can be trusted: a stamp each, that any change changes
);

-- One row an applied (or started) revision. An undone revision's row goes; the event log keeps what happened.
create table changeover.revision (
  id          text primary key check (id ~ '^[0-9a-f]{12}$'),
  sequence    bigint generated always as identity,
  plan        text references changeover.plan (slug),
  name        text not null,
  title       text not null,
  parents     text[] not null,
  depends_on  text[] not null,
  lane        text not null check (lane in ('trunk', 'tail')),
  phase       text check (phase in ('expand', 'dual-write', 'backfill', 'contract')),
  runner      text not null check (runner in ('transactional', 'autocommit', 'backfill')),
  checksum    text not null,
  text        text not null,                -- as it ran: downgrade and status work without the file
  state       text not null check (state in ('running', 'blocked', 'done', 'undoing')),
  started_at  timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  first_done  timestamptz,                  -- of a fill that was taken up again: when it was done before, as it will be again
  actor       text not null,
  error       jsonb,                        -- why it is blocked: {code, message, details}
  constraint done_has_an_end check ((state in ('done', 'undoing')) = (finished_at is not null)),
  constraint blocked_has_a_reason check ((state = 'blocked') = (error is not null))
);
create index revision_plan on changeover.revision (plan);

-- One row a statement of an autocommit revision: intent before it runs, done after.
create table changeover.step (
  revision    text not null references changeover.revision (id) on delete cascade,
  direction   text not null check (direction in ('upgrade', 'downgrade')),
  name        text not null,
  state       text not null check (state in ('intent', 'done')),
  started_at  timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (revision, direction, name)
);

-- A fill that has been cut into slices; pages and rows of all its parts together.
create table changeover.fill (
  revision       text primary key references changeover.revision (id) on delete cascade,
  pages          bigint not null,
  rows_estimated bigint not null,
  slow           text,                      -- whose snapshot costs it its HOT updates, in words,
  slow_until     timestamptz,               -- as far as was seen lately
  throttle       text,                      -- why its workers hold back, in words,
  throttle_until timestamptz,               -- as far as was seen lately
  held           boolean not null default false, -- they do nothing at all meanwhile
  swept          double precision,          -- how far the look for rows that are due again has come, 0 to 1,
  swept_until    timestamptz,               -- as far as was seen lately
  started_at     timestamptz not null default clock_timestamp()
);

-- What a fill walks: its table, or each leaf of a partitioned one. `filenode` is the file that the page numbers speak of.
create table changeover.fill_part (
  revision       text not null references changeover.fill (revision) on delete cascade,
  relation       oid not null,
  filenode       oid not null,
  pages          bigint not null,
  rows_estimated bigint not null,
  primary key (revision, relation)
);

-- A range of heap pages [lo, hi) of a part that one worker takes; `next` moves in the transaction that filled the rows before it.
-- Pages with rows that somebody else had locked are put aside in that same transaction, and come again at the slice's end:
-- rows due are on `aside` or at `next` and after, nowhere else.
create table changeover.slice (
  revision    text not null references changeover.fill (revision) on delete cascade,
  number      integer not null,
  relation    oid not null,
  lo          bigint not null,
  hi          bigint not null check (hi >= lo),
  next        bigint not null check (next between lo and hi),
  state       text not null check (state in ('due', 'leased', 'blocked', 'done')),
  aside       jsonb not null default '[]',  -- [[lo, hi], …]: pages before `next` that still have due rows
  ahead       bigint not null default 0,    -- pages from next on, as far as passes over them have come, for progress alone
  rows        bigint not null default 0,
  hot         bigint not null default 0,    -- of the rows, those whose update stayed on their page
  wal         bigint not null default 0,    -- bytes that the server wrote while its batches ran, shared among the workers of then
  batches     bigint not null default 0,
  fence       bigint not null default 0,    -- bumped by every lease; a batch under an older fence cannot commit
  worker      text,
  lease_until timestamptz,
  pid           integer,                    -- of the session that works on it, which the server knows to be gone
  backend_start timestamptz,                -- at once; null: a pooler hides it, and the lease has to run out
  not_before  timestamptz,                  -- backing off
  attempts    integer not null default 0,   -- failures in a row that may pass
  waiting     text,                         -- whose lock it waits for, in words
  error       jsonb,                        -- blocked: {key, sqlstate, message}
  primary key (revision, number),
  constraint leased_by_someone check ((state = 'leased') = (worker is not null and lease_until is not null)),
  constraint done_at_its_end check (state <> 'done' or (next = hi and aside = '[]')),
  constraint blocked_has_a_reason check (state <> 'blocked' or error is not null)
);

-- Rows that could not be filled, each alone and without holding up the others. Noted in the transaction that moves the
-- slice past their page. While one of them is unsettled the revision is not done.
create table changeover.quarantine (
  id         bigint generated always as identity primary key,
  revision   text not null references changeover.fill (revision) on delete cascade,
  relation   oid not null,                  -- the part that it stood in
  key        text[] not null,               -- its values; the row's ctid where the table has no key
  name       text not null,                 -- the same for people: id=42
  page       bigint not null,               -- where it stood when it was noted
  sqlstate   text not null,
  message    text not null,
  noted_at   timestamptz not null default clock_timestamp(),
  retrying   boolean not null default false, -- due to the next batch on its page again
  settled    text check (settled = 'skipped'),
  settled_by text,
  settled_at timestamptz,
  reason     text,
  unique (revision, relation, key),
  constraint settled_by_someone check (num_nulls(settled, settled_by, settled_at, reason) in (0, 4))
);

-- Rows and pages done so far, sampled every few seconds by the workers, for rates that do not depend on who asks.
create table changeover.sample (
  revision text not null references changeover.fill (revision) on delete cascade,
  at       timestamptz not null default clock_timestamp(),
  rows     bigint not null,
  pages    bigint not null default 0,
  held     boolean not null default false,  -- paused, or held back by the throttle: no time that its work takes
  primary key (revision, at)
);

-- A look at a whole table whose slices were all done, that has found rows due again: they came since `since`. Written with
-- the slices for them.
create table changeover.sweep (
  id       bigint generated always as identity primary key,
  revision text not null references changeover.fill (revision) on delete cascade,
  since    timestamptz not null,            -- the beginning of the look before, or of the fill
  began_at timestamptz not null,
  at       timestamptz not null default clock_timestamp(),
  rows     bigint not null,                 -- due again
  done     bigint not null                  -- filled until then
);

-- A pass that compares the two sides of every row. Its counts move in the transactions of the windows that they count.
create table changeover.verification (
  id          bigint generated always as identity primary key,
  revision    text not null references changeover.revision (id) on delete cascade,
  pages       bigint not null,              -- of all its files
  walked      bigint not null default 0,    -- of these pages
  rows        bigint not null default 0,
  suspects    bigint not null default 0,    -- rows that a first look found not in step
  beyond      bigint not null default 0,    -- of those, the ones that no finding has room for: counted as they are
  mismatches  bigint not null default 0,    -- rows not in step at the second look as well
  keys        jsonb not null default '[]',  -- of the first mismatches
  skipped     bigint not null default 0,    -- rows not in step that someone has skipped: no mismatches
  lost        bigint not null default 0,    -- rows whose value the old side cannot hold
  lost_keys   jsonb not null default '[]',  -- of the first of those
  started_at  timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  mirror      jsonb not null default '{}'   -- the triggers as they stood when it began, as in plan
);

-- What it goes over: its table, or each leaf of a partitioned one, and the file that the page numbers speak of.
create table changeover.verification_file (
  verification bigint not null references changeover.verification (id) on delete cascade,
  relation     oid not null,
  filenode     oid not null,
  pages        bigint not null,
  extended     boolean not null default false, -- once, to pages that it had grown by
  primary key (verification, relation)
);

-- A range of a file's pages [lo, hi) that one worker takes, as a slice of a fill; no worker: it can be had.
create table changeover.verification_part (
  verification bigint not null references changeover.verification (id) on delete cascade,
  number       integer not null,
  relation     oid not null,
  lo           bigint not null,
  hi           bigint not null check (hi >= lo),
  next         bigint not null check (next between lo and hi),
  fence        bigint not null default 0,
  worker       text,
  lease_until  timestamptz,
  primary key (verification, number),
  foreign key (verification, relation) references changeover.verification_file on delete cascade,
  constraint leased_by_someone check ((worker is null) = (lease_until is null))
);

-- A row that it found, once, wherever it was met; it counts when the second look has found it so as well.
create table changeover.finding (
  verification bigint not null references changeover.verification (id) on delete cascade,
  relation     oid not null,                -- the table, or the leaf of it, that it stood in
  key          text[] not null,             -- its values; the row's ctid where the table has no key
  n            bigint generated always as identity,
  name         text not null,               -- the same for people: id=42
  state        integer not null,            -- 0: not in step; 2: in step, but the old side cannot hold its value
  settled      boolean not null default false, -- looked at again
  image        text,                        -- a hash of both sides as they were found
  old_side     text,                        -- of the first ones, the values as text, cut
  new_side     text,
  due          text,                        -- what the side that follows should hold
  problem      text,                        -- why that cannot be told
  primary key (verification, relation, key)
);

-- Someone says that a release runs everywhere; `despite` names conditions that they open by hand.
create table changeover.confirmation (
  id      bigint generated always as identity primary key,
  plan    text not null references changeover.plan (slug),
  release text not null,
  despite text[] not null default '{}',
  reason  text,
  actor   text not null,
  at      timestamptz not null default clock_timestamp(),
  mirror  jsonb not null default '{}'       -- as above
);

-- Who was seen writing which side. UNLOGGED: never published to a subscriber, and cheap; a crash empties it, which the
-- missing epoch row (side 'epoch') tells, and the soak starts again. No keys, no foreign keys: it must never block a write.
create unlogged table changeover.sighting (
  plan text not null,
  side text not null,                       -- 'old', 'new' or 'epoch'
  role text not null,
  app  text not null,
  pid  integer not null,
  at   timestamptz not null default clock_timestamp()
);

-- Values that a sync trigger could not convert, noted at most once a session, direction and tick. UNLOGGED, as above.
create unlogged table changeover.unmirrored (
  plan      text not null,
  direction text not null,                  -- 'forth': not on the new side; 'back': not on the old one
  sqlstate  text not null,
  key       text not null,                  -- of the row, for people; '' where the table has no key
  at        timestamptz not null default clock_timestamp()
);

create table changeover.event (
  id       bigint generated always as identity primary key,
  at       timestamptz not null default clock_timestamp(),
  actor    text not null,
  kind     text not null,
  plan     text,
  revision text,
  data     jsonb not null default '{}'
);

-- Who paused, resumed or limited a plan, from what to what: recorded and told to the workers by the database itself, so that
-- psql's word counts like a command's. The role is the session's own; the actor is what a command says of who ran it.
-- SECURITY DEFINER: who may update a plan needs no right on the log.
create function changeover.control() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as
$$
declare
  whose text  := coalesce(nullif(current_setting('changeover.actor', true), ''), session_user::text);
  from_ jsonb := jsonb_build_object('role', session_user, 'application', coalesce(current_setting('application_name', true), ''),
                                    'address', coalesce(host(inet_client_addr()), 'local'));
begin
  if old.paused_at is distinct from new.paused_at then
    insert into changeover.event (actor, kind, plan, data)
      values (whose, case when new.paused_at is null then 'resumed' else 'paused' end, new.slug, from_);
  end if;
  if old.limits is distinct from new.limits then
    insert into changeover.event (actor, kind, plan, data)
      select whose, 'limited', new.slug, from_ || jsonb_build_object(
               'before', coalesce(jsonb_object_agg(key, old.limits -> key), '{}'),
               'after', coalesce(jsonb_object_agg(key, new.limits -> key), '{}'))
        from jsonb_object_keys(old.limits || new.limits) as key
       where old.limits -> key is distinct from new.limits -> key;
  end if;
  perform pg_notify('changeover', new.slug);
  return null;
end
$$;
create trigger control after update on changeover.plan for each row
  when (old.paused_at is distinct from new.paused_at or old.limits is distinct from new.limits)
  execute function changeover.control();

-- The trigger function of every sighting trigger: arguments are the plan, the side and the session setting that holds the
-- tick of the last sighting, and the seconds of a tick. SECURITY DEFINER: trigger functions are not privilege-checked when they fire, so the
-- application's role needs nothing. The setting is made outside the exception block, or a failed insert would be tried
-- (and waited for, 20 ms) by every row; both are undone together with a rolled-back write.
create or replace function changeover.sight() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '20ms' as
$$
begin
  perform set_config(tg_argv[2], floor(date_part('epoch', clock_timestamp()) / tg_argv[3]::integer)::text, false);
  begin
    insert into changeover.sighting (plan, side, role, app, pid)
      values (tg_argv[0], tg_argv[1], session_user, coalesce(current_setting('application_name', true), ''), pg_backend_pid());
  exception when others then
    null;
  end;
  return new;
end
$$;

-- The trigger function of every note trigger: arguments are the plan, the setting in which a sync trigger has left its
-- direction and SQLSTATE, the setting that holds the last note's tick, the seconds of a tick, and the columns of the key.
create or replace function changeover.note() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '20ms' as
$$
declare
  direction text := split_part(current_setting(tg_argv[1]), ' ', 1);
  state     text := split_part(current_setting(tg_argv[1]), ' ', 2);
  tick      text := direction || floor(date_part('epoch', clock_timestamp()) / tg_argv[3]::integer)::text;
begin
  perform set_config(tg_argv[1], '', true);
  if current_setting(tg_argv[2], true) is distinct from tick then
    perform set_config(tg_argv[2], tick, false);
    begin
      insert into changeover.unmirrored (plan, direction, sqlstate, key)
        values (tg_argv[0], direction, state, (
          select coalesce(string_agg(name || '=' || coalesce(to_jsonb(new) ->> name, 'NULL'), ', ' order by n), '')
            from unnest(tg_argv[4:]) with ordinality as k (name, n)));
    exception when others then
      null;
    end;
  end if;
  return new;
end
$$;
