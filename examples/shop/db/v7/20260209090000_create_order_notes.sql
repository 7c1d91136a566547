-- migrate:up
create table order_notes (
  order_id bigint primary key references orders (id),
  note text not null
);

-- migrate:down
drop table order_notes;
