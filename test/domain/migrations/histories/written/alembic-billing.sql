-- Billing on SQLAlchemy and Alembic, as `alembic upgrade --sql` prints it, without its bookkeeping.
--> file 1a2b_create_accounts.sql
CREATE TABLE accounts (
    id SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    currency VARCHAR(3) DEFAULT 'EUR' NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_accounts_name ON accounts (name);
CREATE TABLE subscriptions (
    id SERIAL NOT NULL,
    account_id INTEGER NOT NULL,
    plan VARCHAR(30) NOT NULL,
    seats INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE TYPE invoicestate AS ENUM ('draft', 'open', 'paid');
CREATE TABLE invoices (
    id UUID NOT NULL,
    account_id INTEGER NOT NULL,
    state invoicestate NOT NULL,
    total NUMERIC(12, 2) NOT NULL,
    issued DATE,
    PRIMARY KEY (id),
    FOREIGN KEY(account_id) REFERENCES accounts (id)
);
--> rows
INSERT INTO accounts (name) SELECT 'a' || n FROM generate_series(1, 400) n;
INSERT INTO subscriptions (account_id, plan, seats) SELECT n, 'basic', 3 FROM generate_series(1, 400) n;
INSERT INTO invoices SELECT gen_random_uuid(), n, 'open', n, '2024-01-01' FROM generate_series(1, 400) n;
--> file 2b3c_invoice_number.sql
ALTER TABLE invoices ADD COLUMN number VARCHAR(20);
CREATE UNIQUE INDEX ix_invoices_number ON invoices (number);
--> rows
UPDATE invoices SET number = 'n' || total::int;
--> file 3c4d_invoice_state_void.sql, no transaction
ALTER TYPE invoicestate ADD VALUE 'void';
--> file 4d5e_seats_default.sql
UPDATE subscriptions SET seats = 1 WHERE seats IS NULL;
ALTER TABLE subscriptions ALTER COLUMN seats SET DEFAULT '1';
ALTER TABLE subscriptions ALTER COLUMN seats SET NOT NULL;
--> rows
SELECT 1;
--> file 5e6f_created_at_with_time_zone.sql
ALTER TABLE accounts ALTER COLUMN created_at TYPE TIMESTAMP WITH TIME ZONE;
--> file 6f7a_plan_longer.sql
ALTER TABLE subscriptions ALTER COLUMN plan TYPE VARCHAR(60);
--> rows
SELECT 1;
--> file 7a8b_payments.sql
CREATE TABLE payments (
    id BIGSERIAL NOT NULL,
    invoice_id UUID NOT NULL,
    amount NUMERIC(12, 2) NOT NULL,
    provider VARCHAR(30) NOT NULL,
    payload JSONB,
    CONSTRAINT pk_payments PRIMARY KEY (id),
    CONSTRAINT fk_payments_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id),
    CONSTRAINT ck_payments_amount_positive CHECK (amount > 0)
);
CREATE INDEX ix_payments_invoice_id ON payments (invoice_id);
CREATE INDEX ix_payments_payload ON payments USING gin (payload);
COMMENT ON TABLE payments IS 'One row per attempt';
--> rows
INSERT INTO payments (invoice_id, amount, provider, payload) SELECT id, 5, 'card', '{}' FROM invoices;
--> file 8b9c_payment_reference.sql
ALTER TABLE payments ADD COLUMN reference UUID DEFAULT gen_random_uuid() NOT NULL;
--> file 9c0d_total_with_more_digits.sql
ALTER TABLE invoices ALTER COLUMN total TYPE NUMERIC(14, 2);
--> file 0d1e_total_in_cents.sql
ALTER TABLE payments ALTER COLUMN amount TYPE BIGINT USING (amount * 100)::bigint;
--> rows
SELECT 1;
--> file 1e2f_account_country.sql
ALTER TABLE accounts ADD COLUMN country VARCHAR(2) DEFAULT 'DE' NOT NULL;
ALTER TABLE accounts ADD CONSTRAINT ck_accounts_country CHECK (char_length(country) = 2);
--> file 2f3a_drop_unused_index.sql
DROP INDEX ix_accounts_name;
--> file 3a4b_credit_notes.sql
CREATE TABLE credit_notes (id SERIAL NOT NULL, invoice_id UUID NOT NULL, amount NUMERIC(12, 2) NOT NULL, PRIMARY KEY (id));
ALTER TABLE credit_notes ADD CONSTRAINT fk_credit_notes_invoice FOREIGN KEY(invoice_id) REFERENCES invoices (id);
--> rows
INSERT INTO credit_notes (invoice_id, amount) SELECT id, 1 FROM invoices LIMIT 5;
--> file 4b5c_credit_note_reason.sql
ALTER TABLE credit_notes ADD COLUMN reason TEXT;
UPDATE credit_notes SET reason = 'goodwill';
ALTER TABLE credit_notes ALTER COLUMN reason SET NOT NULL;
--> file 5c6d_split_batches.sql, no transaction
DO $$
DECLARE reached int := 0;
BEGIN
  LOOP
    UPDATE subscriptions SET plan = lower(plan) WHERE id > reached AND id <= reached + 100;
    EXIT WHEN NOT FOUND;
    reached := reached + 100;
    COMMIT;
  END LOOP;
END $$;
