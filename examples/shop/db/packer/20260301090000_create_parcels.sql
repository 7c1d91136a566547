-- migrate:up
create table parcels (
  id bigint primary key generated always as identity,
  made_at timestamptz not null default now(),
  label text,
  packed_by text, -- the version that has packed it
  packed_at timestamptz,
  packed integer not null default 0 -- how many times
);

-- migrate:down
drop table parcels;
