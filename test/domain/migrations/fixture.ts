import { EXAMPLE_SCHEMA } from '../../../src/domain/migrations/knowledge/example-schema';

/** The database on which knowledge is proven. Every table has rows, so that reading one whole can be seen. */
export const FIXTURE = `${EXAMPLE_SCHEMA}
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'logs_broken_idx'::regclass;
INSERT INTO parcels (weight, label, target) SELECT n, 'label' || n, ROW('street', 'zip')::place FROM generate_series(1, 100) n;
INSERT INTO tickets SELECT n FROM generate_series(1, 100) n;
SELECT setval('ticket_numbers', 1000);
INSERT INTO letters SELECT n, 'body' FROM generate_series(1, 100) n;
INSERT INTO albums SELECT n FROM generate_series(1, 100) n;
INSERT INTO photos SELECT n, n FROM generate_series(1, 100) n;
INSERT INTO notices SELECT n, 'body' FROM generate_series(1, 100) n;
INSERT INTO archive.invoices SELECT n, n FROM generate_series(1, 100) n;
INSERT INTO customers SELECT n, n || '@example.com', 'name', n, 'note', 'code', n, now(), 'free', '10.0.0.0/8', 'tag' FROM generate_series(1, 100) n;
INSERT INTO orders SELECT n, n, n, n FROM generate_series(1, 100) n;
INSERT INTO items SELECT n, n, 'sku' || n, n, 'label' || n, 'shelf' FROM generate_series(1, 100) n;
INSERT INTO logs SELECT n, n, 'body' FROM generate_series(1, 100) n;
INSERT INTO contacts SELECT n, n || '@example.com' FROM generate_series(1, 100) n;
INSERT INTO rooms SELECT n, 'name', n FROM generate_series(1, 100) n;
INSERT INTO readings SELECT '2025-01-01'::date + n, n FROM generate_series(1, 100) n;
INSERT INTO readings SELECT '2026-01-01'::date + n, n FROM generate_series(1, 100) n;
INSERT INTO readings_2027 SELECT '2027-01-01'::date + n, n FROM generate_series(1, 100) n;
INSERT INTO readings_2028 SELECT '2028-01-01'::date + n, n FROM generate_series(1, 100) n;
INSERT INTO events SELECT '2020-01-01'::date + n, 'x' FROM generate_series(1, 100) n;
INSERT INTO events_2027 SELECT '2027-01-01'::date + n, 'x' FROM generate_series(1, 100) n;
INSERT INTO errands SELECT n FROM generate_series(1, 100) n;
INSERT INTO secrets SELECT n FROM generate_series(1, 100) n;
INSERT INTO seats SELECT n, 'seat' || n FROM generate_series(1, 100) n;
REFRESH MATERIALIZED VIEW totals;
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
  "INSERT INTO items (id, order_id, sku, quantity, label) VALUES (9004, 1, 'sku9004', 5, 'newest') ON CONFLICT (sku) DO NOTHING",
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
  'SELECT id, ticket, weight, label, grams FROM parcels',
  "INSERT INTO parcels (weight, label) VALUES (5, 'new')",
  'SELECT (target).street, (target).zip FROM parcels',
  "SELECT nextval('ticket_numbers')",
  'INSERT INTO notices (id) VALUES (9001)',
  'DELETE FROM albums WHERE id = 1',
  "UPDATE letters SET body = 'x' WHERE id = 1",
  'UPDATE logs SET body = body WHERE id = 50',
  'SELECT id, name FROM places',
  'SELECT greeting()',
  "INSERT INTO tickets (body) VALUES ('new')",
  "INSERT INTO mailbox VALUES (2, 'new')",
  'INSERT INTO diaries VALUES (1)',
  'SELECT row_no, label FROM seats',
  'SELECT total FROM secret_count',
  'INSERT INTO errands (id) VALUES (1)',
  'SELECT word FROM answers()',
];
