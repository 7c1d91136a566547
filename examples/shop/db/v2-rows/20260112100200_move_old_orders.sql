-- migrate:up
create table old_orders as
select * from orders where ordered_at < now() - interval '1 day';

-- no customer finds these orders any more
delete from orders where ordered_at < now() - interval '1 day';

-- migrate:down
insert into orders overriding system value
select * from old_orders;

drop table old_orders;
