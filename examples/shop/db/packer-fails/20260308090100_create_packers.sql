-- migrate:up
create table packers (
  id integer primary key generated always as identity,
  name text not null
);

-- fails: nobody has packed anything under no name (not_null_violation, 23502)
insert into packers (name) values (null);

-- migrate:down
drop table packers;
