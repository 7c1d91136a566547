-- migrate:up
alter table parcels add column weight integer;

-- migrate:down
alter table parcels drop column weight;
