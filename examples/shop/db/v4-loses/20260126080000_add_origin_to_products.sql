-- migrate:up
alter table products add column origin text;

-- migrate:down
alter table products drop column origin;
-- takes more back than was done
update products set supplier = null where supplier = 'Supplier 1';
