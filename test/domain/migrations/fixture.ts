/** The database on which knowledge is proven. Every table has rows, so that reading one whole can be seen. */
export const FIXTURE = `
DO $$ BEGIN CREATE ROLE app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE SCHEMA archive;
CREATE TABLE archive.invoices (id int PRIMARY KEY, total int);
CREATE TYPE plan_kind AS ENUM ('free', 'paid');
CREATE TYPE unused_kind AS ENUM ('a');
CREATE DOMAIN email_address AS text;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION unused() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE customers (
  id int PRIMARY KEY, email text NOT NULL CONSTRAINT customers_email_key UNIQUE, name varchar(50), age int, note text,
  code char(8), price numeric(10, 2), seen timestamp, plan plan_kind, network cidr, tag varchar,
  CONSTRAINT customers_age_known CHECK (age IS NOT NULL AND age >= 0));
CREATE INDEX customers_name_idx ON customers (name);
CREATE VIEW customer_names AS SELECT id, name FROM customers;
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id int CONSTRAINT orders_customer_id_fkey REFERENCES customers,
  referrer int, total int, state text NOT NULL DEFAULT 'new', placed timestamptz);
CREATE TABLE items (id int PRIMARY KEY, order_id bigint, sku text, quantity int NOT NULL, label text, shelf varchar(20),
  CONSTRAINT items_quantity_check CHECK (quantity > 0), CONSTRAINT items_shelf_check CHECK (shelf <> ''));
CREATE UNIQUE INDEX items_sku_idx ON items (sku);
CREATE TRIGGER items_touch BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE logs (id int NOT NULL, number int, body text);
CREATE UNIQUE INDEX logs_id_idx ON logs (id);
CREATE UNIQUE INDEX logs_nullable_idx ON logs (number);
CREATE TABLE contacts (id int PRIMARY KEY, address email_address);
CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE readings_2027 (day date NOT NULL, value int);
CREATE TABLE readings_2028 (day date NOT NULL, value int, CHECK (day >= '2028-01-01' AND day < '2029-01-01'));
CREATE TABLE events (day date NOT NULL, kind text) PARTITION BY RANGE (day);
CREATE TABLE events_other PARTITION OF events DEFAULT;
CREATE TABLE events_2027 (day date NOT NULL, kind text);
INSERT INTO archive.invoices SELECT n, n FROM generate_series(1, 100) n;
INSERT INTO customers SELECT n, n || '@example.com', 'name', n, 'note', 'code', n, now(), 'free', '10.0.0.0/8', 'tag' FROM generate_series(1, 100) n;
INSERT INTO orders SELECT n, n, n, n FROM generate_series(1, 100) n;
INSERT INTO items SELECT n, n, 'sku' || n, n, 'label' || n, 'shelf' FROM generate_series(1, 100) n;
INSERT INTO logs SELECT n, n, 'body' FROM generate_series(1, 100) n;
INSERT INTO contacts SELECT n, n || '@example.com' FROM generate_series(1, 100) n;
INSERT INTO readings SELECT '2025-01-01'::date + n, n FROM generate_series(1, 100) n;
INSERT INTO readings SELECT '2026-01-01'::date + n, n FROM generate_series(1, 100) n;
INSERT INTO readings_2027 SELECT '2027-01-01'::date + n, n FROM generate_series(1, 100) n;
INSERT INTO readings_2028 SELECT '2028-01-01'::date + n, n FROM generate_series(1, 100) n;
INSERT INTO events SELECT '2020-01-01'::date + n, 'x' FROM generate_series(1, 100) n;
INSERT INTO events_2027 SELECT '2027-01-01'::date + n, 'x' FROM generate_series(1, 100) n;
ALTER TABLE orders ADD CONSTRAINT orders_referrer_fkey FOREIGN KEY (referrer) REFERENCES customers NOT VALID;
ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY 1;
CREATE UNIQUE INDEX totals_idx ON totals (customer_id);
GRANT USAGE ON SCHEMA public, archive TO app;
GRANT ALL ON ALL TABLES IN SCHEMA public, archive TO app;
ANALYZE;
`;

/** What the version that runs does all day. */
export const OLD_VERSION = [
  'SELECT id, email, name, age, note, code, price, seen, plan, network, tag FROM customers',
  "SELECT id FROM customers WHERE plan = 'free'",
  "INSERT INTO customers (id, email, age) VALUES (9001, '9001@example.com', 30)",
  "INSERT INTO customers (id, email, age) VALUES (9002, '1@example.com', 30) ON CONFLICT (email) DO NOTHING",
  "UPDATE customers SET note = 'seen', plan = 'free' WHERE id = 1",
  'SELECT id, name FROM customer_names',
  'SELECT id, customer_id, referrer, total, state, placed FROM orders',
  'INSERT INTO orders (id, customer_id, total) VALUES (9001, 1, 5)',
  'SELECT id, order_id, sku, quantity, label, shelf FROM items',
  "INSERT INTO items (id, order_id, sku, quantity, label) VALUES (9001, 1, 'sku1', 5, 'new') ON CONFLICT (sku) DO NOTHING",
  "INSERT INTO items (id, order_id, sku, quantity, label) VALUES (9003, 1, 'sku9003', 5, 'newer')",
  "UPDATE items SET label = 'changed' WHERE id = 2",
  'SELECT id, number, body FROM logs',
  "INSERT INTO logs (id, number, body) VALUES (9001, 9001, 'x')",
  'SELECT address FROM contacts',
  "INSERT INTO contacts (id, address) VALUES (9001, '9001@example.com')",
  "SELECT value FROM readings WHERE day < '2026-01-01'",
  "INSERT INTO readings (day, value) VALUES ('2026-05-05', 1)",
  'SELECT kind FROM events',
  'SELECT total FROM totals',
  'SELECT total FROM archive.invoices',
];
