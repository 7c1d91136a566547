-- Up Migration
ALTER TABLE accounts ADD COLUMN email text;

-- Down Migration
ALTER TABLE accounts DROP COLUMN email;
