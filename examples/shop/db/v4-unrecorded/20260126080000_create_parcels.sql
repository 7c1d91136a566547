-- migrate:up transaction:false
begin;
create table parcels (id bigint primary key);
commit;
-- fails when the table stands already: the tool records nothing
select 1 / 0;

-- migrate:down
drop table parcels;
