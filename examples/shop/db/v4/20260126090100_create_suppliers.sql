-- migrate:up
create table suppliers (
  id integer primary key generated always as identity,
  name text not null
);

-- fails: some products never had a supplier (not_null_violation, 23502)
insert into suppliers (name)
select distinct supplier from products;

create index suppliers_by_name on suppliers (name);

-- migrate:down
drop table suppliers;
