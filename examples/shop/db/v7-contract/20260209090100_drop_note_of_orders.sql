-- migrate:up
-- nobody writes orders.note any more: what the previous version has written moves, then the column goes
insert into order_notes (order_id, note)
select id, note from orders where note is not null
on conflict (order_id) do nothing;

alter table orders drop column note;

-- migrate:down
alter table orders add column note text;
