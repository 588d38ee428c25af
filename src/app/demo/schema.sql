-- A small shop, as many of us have one: the big table is `orders`.
create schema shop;

create table shop.users (
  id         bigint generated always as identity primary key,
  email      text not null unique,
  created_at timestamptz not null default now()
);

create table shop.orders (
  id         bigint generated always as identity primary key,
  user_id    bigint not null references shop.users (id),
  status     text not null default 'new' check (status in ('new', 'paid', 'shipped')),
  channel    text,
  points     integer not null default 0 check (points >= 0),
  note       text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column shop.orders.user_id is 'who pays';
create index orders_user_id_created_at_idx on shop.orders (user_id, created_at desc);
create index orders_open_idx on shop.orders (user_id) where status <> 'shipped';
create index orders_created_at_idx on shop.orders (created_at);

create table shop.items (
  id       bigint generated always as identity primary key,
  order_id bigint not null references shop.orders (id),
  sku      text not null,
  quantity integer not null check (quantity > 0)
);
create index items_order_id_idx on shop.items (order_id);

create view shop.orders_by_day as
  select date_trunc('day', created_at) as day, status, count(*) as orders from shop.orders group by 1, 2;

create function shop.touch() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;
