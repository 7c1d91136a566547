--liquibase formatted sql

--changeset shop:accounts
CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
--rollback DROP TABLE accounts;

--changeset shop:email runInTransaction:false
ALTER TABLE accounts ADD COLUMN email text;
--rollback ALTER TABLE accounts DROP COLUMN email;
