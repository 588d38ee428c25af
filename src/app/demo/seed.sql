-- Every seeded order carries the same updated_at, so that one changed behind the applications' back shows.
insert into shop.users (email) select 'user' || n || '@example.com' from generate_series(1, 10000) n;
insert into shop.orders (user_id, status, channel, note, created_at, updated_at)
  select 1 + (n::bigint * 7919) % 10000, (array['new', 'paid', 'shipped'])[1 + n % 3],
         case when n % 5 < 2 then null else (array['web', 'app', 'phone'])[1 + n % 3] end,
         repeat('x', 10 + n % 30), timestamptz '2024-01-01' + n * interval '40 seconds', timestamptz '2025-01-01'
  from generate_series(1, current_setting('shop.rows')::int) n;
insert into shop.items (order_id, sku, quantity) select 1 + (n::bigint * 31) % current_setting('shop.rows')::int, 'sku-' || n % 500, 1 + n % 4 from generate_series(1, 50000) n;
create trigger touch before update on shop.orders for each row execute function shop.touch();
