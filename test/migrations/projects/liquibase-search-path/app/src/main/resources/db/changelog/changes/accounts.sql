--liquibase formatted sql

--changeset Jane Doe:1
CREATE TABLE accounts (id bigserial PRIMARY KEY);
--rollback DROP TABLE accounts;

--changeset "Jane: Doe":"2 b" dbms:mysql,h2
CREATE TABLE skipped_dbms (id int) ENGINE=InnoDB;

--changeset jane:3 context:test
CREATE TABLE skipped_context (id int);

--changeset jane:4 labels:x
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT count(*) FROM accounts
ALTER TABLE accounts ADD COLUMN email text;
