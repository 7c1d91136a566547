-- migrate:up
alter table orders drop column note;

-- migrate:down
alter table orders add column note text;
