-- migrate:up
alter table products add column supplier_id integer;

-- migrate:down
alter table products drop column supplier_id;
