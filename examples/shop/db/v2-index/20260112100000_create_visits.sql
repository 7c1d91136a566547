-- migrate:up
create table visits (
  seen_on date not null,
  product_id integer not null
) partition by range (seen_on);

create table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01');

-- only the parent's half of the index: no query can use it until each partition has one that is attached
create index visits_by_product on only visits (product_id);

-- migrate:down
drop table visits;
