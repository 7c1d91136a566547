-- migrate:up
alter table products add column origin text;

-- migrate:down
