ALTER TABLE accounts ADD COLUMN from_file int;
