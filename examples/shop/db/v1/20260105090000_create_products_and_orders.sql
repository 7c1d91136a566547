-- migrate:up
create table products (
  id integer primary key generated always as identity,
  name text not null,
  price_cents integer not null,
  pack_size integer not null, -- pieces; 0 = sold by weight
  supplier text
);

create table orders (
  id bigint primary key generated always as identity,
  product_id integer not null references products (id),
  quantity integer not null check (quantity > 0),
  ordered_at timestamptz not null default now()
);

insert into products (name, price_cents, pack_size, supplier)
select 'Product ' || n, 100 + n % 900, n % 3, case when n % 97 > 0 then 'Supplier ' || n % 40 end
from generate_series(1, 8000) n;

insert into orders (product_id, quantity, ordered_at)
select 1 + n % 8000, 1 + n % 5, now() - n * interval '1 minute'
from generate_series(1, 2000) n;

-- migrate:down
drop table orders;
drop table products;
