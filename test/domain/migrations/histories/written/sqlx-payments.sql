-- Payments on sqlx: hand-written SQL of a team that reads the manual, most of the time.
--> file 20230101000001_ledger.sql
CREATE TYPE entry_kind AS ENUM ('debit', 'credit');
CREATE TABLE ledgers (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL UNIQUE, currency CHAR(3) NOT NULL DEFAULT 'EUR');
CREATE TABLE entries (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ledger_id BIGINT NOT NULL REFERENCES ledgers, kind entry_kind NOT NULL, cents BIGINT NOT NULL CHECK (cents > 0), booked TIMESTAMPTZ NOT NULL DEFAULT now(), memo VARCHAR(80));
CREATE INDEX entries_ledger ON entries (ledger_id, booked);
--> rows
INSERT INTO ledgers (name) SELECT 'l' || n FROM generate_series(1, 30) n;
INSERT INTO entries (ledger_id, kind, cents, memo) SELECT 1 + n % 30, 'debit', n, 'm' FROM generate_series(1, 700) n;
--> file 20230301000001_reference.sql
ALTER TABLE entries ADD COLUMN reference TEXT;
ALTER TABLE entries ADD COLUMN settled BOOLEAN NOT NULL DEFAULT FALSE;
--> file 20230301000002_reference_index.sql, no transaction
CREATE INDEX CONCURRENTLY entries_reference ON entries (reference) WHERE reference IS NOT NULL;
--> rows
UPDATE entries SET reference = 'r' || id WHERE id > 350;
--> file 20230401000001_mark_settled.sql
UPDATE entries SET settled = TRUE WHERE booked < now() + interval '1 day';
--> file 20230501000001_memo_length.sql
ALTER TABLE entries ALTER COLUMN memo TYPE VARCHAR(200);
--> file 20230601000001_memo_shorter.sql
ALTER TABLE entries ALTER COLUMN memo TYPE VARCHAR(120);
--> rows
SELECT 1;
--> file 20230701000001_ledger_currency.sql
ALTER TABLE ledgers ALTER COLUMN currency TYPE TEXT;
ALTER TABLE ledgers ADD CONSTRAINT currency_known CHECK (currency IN ('EUR', 'USD'));
--> file 20230801000001_refs.sql
CREATE TABLE payouts (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ledger_id BIGINT NOT NULL REFERENCES ledgers, entry_id BIGINT REFERENCES entries, paid DATE);
CREATE UNIQUE INDEX payouts_entry ON payouts (entry_id);
INSERT INTO payouts (ledger_id) SELECT id FROM ledgers;
--> rows
INSERT INTO payouts (ledger_id, entry_id) SELECT 1, n FROM generate_series(1, 300) n;
--> file 20230901000001_settled_default.sql
ALTER TABLE entries ALTER COLUMN settled SET DEFAULT TRUE;
COMMENT ON COLUMN entries.settled IS 'true once the bank has confirmed';
--> file 20231001000001_booked_precision.sql
ALTER TABLE entries ALTER COLUMN booked TYPE TIMESTAMPTZ(3);
--> file 20231101000001_entry_month.sql
ALTER TABLE entries ADD COLUMN month DATE;
UPDATE entries SET month = date_trunc('month', booked) WHERE month IS NULL AND id <= 50;
--> rows
UPDATE entries SET month = date_trunc('month', booked);
--> file 20231201000001_month_required.sql
ALTER TABLE entries ADD CONSTRAINT month_given CHECK (month IS NOT NULL) NOT VALID;
--> file 20231201000002_month_required.sql
ALTER TABLE entries VALIDATE CONSTRAINT month_given;
--> rows
SELECT 1;
--> file 20240101000001_month_required.sql
ALTER TABLE entries ALTER COLUMN month SET NOT NULL;
ALTER TABLE entries DROP CONSTRAINT month_given;
CREATE INDEX entries_month ON entries (month);
--> file 20240201000001_totals.sql
CREATE MATERIALIZED VIEW ledger_totals AS SELECT ledger_id, kind, sum(cents) AS cents FROM entries GROUP BY 1, 2;
CREATE UNIQUE INDEX ledger_totals_key ON ledger_totals (ledger_id, kind);
GRANT SELECT ON ledger_totals TO reporting;
--> rows
SELECT 1;
--> file 20240301000001_totals_again.sql
DROP MATERIALIZED VIEW ledger_totals;
CREATE MATERIALIZED VIEW ledger_totals AS SELECT ledger_id, kind, month, sum(cents) AS cents FROM entries GROUP BY 1, 2, 3;
CREATE UNIQUE INDEX ledger_totals_key ON ledger_totals (ledger_id, kind, month);
--> file 20240401000001_entry_fk.sql
ALTER TABLE entries ADD COLUMN payout_id BIGINT REFERENCES payouts;
--> file 20240501000001_drop_reference.sql
DROP INDEX entries_reference;
ALTER TABLE entries DROP COLUMN reference;
