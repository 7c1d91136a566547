-- A hotel's bookings, written by hand and applied with psql by somebody who was bitten before: lock_timeout, NOT VALID, batches.
--> file 001_base.sql
CREATE TABLE rooms (number int PRIMARY KEY, floor int NOT NULL, beds int NOT NULL DEFAULT 2);
CREATE TABLE guests (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email text, passport text);
CREATE TABLE stays (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room int NOT NULL REFERENCES rooms, guest bigint NOT NULL REFERENCES guests, arrives date NOT NULL, leaves date NOT NULL, CHECK (leaves > arrives));
CREATE INDEX stays_room ON stays (room);
CREATE INDEX stays_guest ON stays (guest);
--> rows
INSERT INTO rooms SELECT n, n / 100 FROM generate_series(101, 180) n;
INSERT INTO guests (name, email, passport) SELECT 'g' || n, n || '@example.com', 'p' || n FROM generate_series(1, 500) n;
INSERT INTO stays (room, guest, arrives, leaves) SELECT 101 + n % 80, n, '2024-01-01'::date + n, '2024-01-03'::date + n FROM generate_series(1, 500) n;
--> file 002_guest_language.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE guests ADD COLUMN language text NOT NULL DEFAULT 'en';
--> file 003_email_index.sql, no transaction
SET lock_timeout = '2s';
CREATE UNIQUE INDEX CONCURRENTLY guests_email_unique ON guests (email);
--> rows
SELECT 1;
--> file 004_email_constraint.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE guests ADD CONSTRAINT guests_email_unique UNIQUE USING INDEX guests_email_unique;
--> file 005_email_required.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE guests ADD CONSTRAINT email_given CHECK (email IS NOT NULL) NOT VALID;
--> file 006_email_required_validate.sql
ALTER TABLE guests VALIDATE CONSTRAINT email_given;
--> rows
SELECT 1;
--> file 007_email_not_null.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE guests ALTER COLUMN email SET NOT NULL;
ALTER TABLE guests DROP CONSTRAINT email_given;
--> file 008_stay_price.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE stays ADD COLUMN price numeric(10,2);
--> file 009_stay_price_fill.sql, no transaction
UPDATE stays SET price = 100 WHERE id BETWEEN 1 AND 40 AND price IS NULL;
UPDATE stays SET price = 100 WHERE id BETWEEN 41 AND 80 AND price IS NULL;
--> rows
UPDATE stays SET price = 100;
--> file 010_invoices.sql
CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stay bigint NOT NULL, total numeric(10,2) NOT NULL, paid boolean NOT NULL DEFAULT false);
ALTER TABLE invoices ADD CONSTRAINT invoices_stay FOREIGN KEY (stay) REFERENCES stays (id);
CREATE INDEX invoices_stay ON invoices (stay);
CREATE VIEW open_invoices AS SELECT i.id, i.total, s.guest FROM invoices i JOIN stays s ON s.id = i.stay WHERE NOT i.paid;
GRANT SELECT ON open_invoices TO reporting;
--> rows
INSERT INTO invoices (stay, total) SELECT n, 100 FROM generate_series(1, 500) n;
--> file 011_no_overlap.sql
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE stays ADD CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, id WITH =);
--> file 012_invoice_state.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE invoices ADD COLUMN state text;
CREATE FUNCTION invoice_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.state := CASE WHEN NEW.paid THEN 'paid' ELSE 'open' END;
  RETURN NEW;
END $$;
CREATE TRIGGER invoice_state BEFORE INSERT OR UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION invoice_state();
--> file 013_invoice_state_fill.sql, no transaction
DO $$
DECLARE upto bigint := 0; last bigint;
BEGIN
  SELECT max(id) INTO last FROM invoices;
  WHILE upto < last LOOP
    UPDATE invoices SET state = CASE WHEN paid THEN 'paid' ELSE 'open' END WHERE id > upto AND id <= upto + 50;
    upto := upto + 50;
    COMMIT;
  END LOOP;
END $$;
--> rows
SELECT 1;
--> file 014_passport_gone.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE guests DROP COLUMN passport;
--> file 015_view_with_state.sql
DROP VIEW open_invoices;
CREATE VIEW open_invoices AS SELECT i.id, i.total, s.guest, i.state FROM invoices i JOIN stays s ON s.id = i.stay WHERE i.state = 'open';
GRANT SELECT ON open_invoices TO reporting, app;
--> file 016_rooms_rename.sql
ALTER TABLE rooms RENAME TO room;
CREATE VIEW rooms AS SELECT number, floor, beds FROM room;
GRANT ALL ON rooms TO app;
--> rows
SELECT 1;
--> file 017_maintenance.sql, no transaction
REINDEX INDEX CONCURRENTLY stays_guest;
VACUUM stays;
--> file 018_reindex.sql
REINDEX TABLE stays;
--> file 019_old_trigger.sql
DROP TRIGGER invoice_state ON invoices;
DROP FUNCTION invoice_state();
