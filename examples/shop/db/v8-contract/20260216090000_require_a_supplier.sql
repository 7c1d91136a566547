-- migrate:up
-- fails: some products never had a supplier (not_null_violation, 23502)
alter table products alter column supplier set not null;

-- migrate:down
alter table products alter column supplier drop not null;
