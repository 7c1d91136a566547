-- migrate:up
alter table parcels drop column label;

-- migrate:down
alter table parcels add column label text;
