-- Up Migration
CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);

-- Down Migration
DROP TABLE accounts;
