-- migrate:up
delete from orders where ordered_at < now() - interval '1 day';

-- migrate:down
comment on table orders is null; -- the rows themselves nobody can bring back
