-- A town library: one person, psql, ten years.
--> file 01.sql
CREATE TABLE book (isbn text PRIMARY KEY, title text NOT NULL, year int);
CREATE TABLE reader (id serial PRIMARY KEY, name text NOT NULL, card int UNIQUE, joined date DEFAULT now());
CREATE TABLE loan (book text REFERENCES book, reader int REFERENCES reader, since date NOT NULL, back date, PRIMARY KEY (book, reader, since));
--> rows
INSERT INTO book SELECT 'isbn' || n, 't' || n, 1900 + n % 100 FROM generate_series(1, 600) n;
INSERT INTO reader (name, card) SELECT 'r' || n, n FROM generate_series(1, 250) n;
INSERT INTO loan SELECT 'isbn' || n, 1 + n % 250, '2020-01-01' FROM generate_series(1, 600) n;
--> file 02.sql
ALTER TABLE book ADD author text;
CREATE INDEX book_author ON book (author);
--> file 03.sql
CREATE TABLE author (id serial PRIMARY KEY, name text UNIQUE NOT NULL);
ALTER TABLE book ADD author_id int REFERENCES author;
--> rows
INSERT INTO author (name) SELECT 'a' || n FROM generate_series(1, 150) n;
UPDATE book SET author_id = 1 + length(title) % 100, author = 'a1';
--> file 04.sql
ALTER TABLE book DROP author;
--> file 05.sql
ALTER TABLE reader ADD CONSTRAINT card_positive CHECK (card > 0);
ALTER TABLE reader ALTER joined SET NOT NULL;
--> rows
SELECT 1;
--> file 06.sql
BEGIN;
LOCK TABLE loan IN ACCESS EXCLUSIVE MODE;
ALTER TABLE loan ADD fine numeric(6,2) DEFAULT 0;
COMMIT;
--> file 07.sql
CREATE VIEW overdue AS SELECT book, reader FROM loan WHERE back IS NULL AND since < now() - interval '30 days';
CREATE FUNCTION days_out(loan) RETURNS int LANGUAGE sql STABLE AS $$ SELECT (coalesce($1.back, current_date) - $1.since) $$;
--> rows
SELECT 1;
--> file 08.sql
CREATE OR REPLACE VIEW overdue AS SELECT book, reader, since FROM loan WHERE back IS NULL AND since < now() - interval '21 days';
--> file 09.sql
ALTER TABLE loan DROP CONSTRAINT loan_pkey;
ALTER TABLE loan ADD id bigserial PRIMARY KEY;
--> file 10.sql
ALTER TABLE reader ADD email text, ADD phone text;
ALTER TABLE reader ADD CONSTRAINT email_or_phone CHECK (email IS NOT NULL OR phone IS NOT NULL) NOT VALID;
--> rows
UPDATE reader SET phone = '0';
--> file 11.sql
ALTER TABLE reader VALIDATE CONSTRAINT email_or_phone;
CREATE UNIQUE INDEX reader_email ON reader (lower(email));
--> file 12.sql
DELETE FROM loan WHERE since <= '2019-01-01';
CLUSTER book USING book_pkey;
--> rows
SELECT 1;
--> file 13.sql
CREATE TABLE branch (id int PRIMARY KEY, name text);
INSERT INTO branch VALUES (1, 'Main'), (2, 'North');
ALTER TABLE book ADD branch int NOT NULL DEFAULT 1;
ALTER TABLE book ADD FOREIGN KEY (branch) REFERENCES branch NOT VALID;
--> file 14.sql
ALTER TABLE book VALIDATE CONSTRAINT book_branch_fkey;
ALTER TABLE branch ADD opened date;
UPDATE branch SET opened = '2001-01-01';
--> rows
SELECT 1;
--> file 15.sql
ALTER TABLE book ALTER year TYPE smallint;
ALTER TABLE author RENAME TO authors;
CREATE VIEW author AS SELECT * FROM authors;
GRANT ALL ON author TO app;
--> file 16.sql
REVOKE INSERT ON loan FROM reporting;
REVOKE UPDATE ON book FROM app;
TRUNCATE branch CASCADE;
