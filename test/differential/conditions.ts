/** A table with a key and columns of few values, each of which is in all of its rows. */
export const SETUP = [
  "CREATE TYPE kind AS ENUM ('a', 'b')",
  'CREATE DOMAIN flag AS boolean',
  `CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, kind kind DEFAULT 'a', active boolean DEFAULT true,
    gone boolean DEFAULT false, checked flag DEFAULT true, state text DEFAULT 'new' CHECK (state IN ('new', 'old')),
    free text DEFAULT 'new', data jsonb DEFAULT '{"k": 1}', day date DEFAULT '2026-01-01')`,
  'INSERT INTO t (id, n) SELECT n, n FROM generate_series(1, 300) AS n',
  'CREATE TABLE k (a boolean, b int, n int, PRIMARY KEY (b, a))',
  'INSERT INTO k SELECT true, n, n FROM generate_series(1, 300) AS n',
];

/** Conditions that leave all of its rows. */
export const WIDE = [
  "kind = 'a'",
  "'a' = kind",
  "kind IN ('a')",
  "kind::text = 'a'",
  'active',
  'NOT gone',
  'active IS TRUE',
  'gone IS NOT TRUE',
  'coalesce(gone, false) = false',
  "state = 'new'",
  'checked = true',
  'n = id',
  '5 < n',
  'id % 2 < 5',
  'id % 2 = id % 2',
  'n / 1000 = 0',
  "free LIKE 'n%'",
  "free ~ 'n'",
  `data @> '{"k": 1}'`,
  'length(free) = 3',
  'active OR id = 3',
  'id IN (SELECT id FROM t WHERE n > 5)',
  'id IN (SELECT id FROM (SELECT id FROM t) AS s)',
  'id IN (SELECT t.id FROM t JOIN k ON k.b = t.id)',
  'EXISTS (SELECT FROM k WHERE k.b = t.id AND k.a)',
];

/** The same, where only a count could tell. */
export const UNCOUNTED = [
  "free = 'new'",
  "lower(free) = 'new'",
  "data ->> 'k' = '1'",
  "starts_with(free, 'n')",
  "day BETWEEN '2020-01-01' AND '2040-01-01'",
  "day >= '2020-01-01' AND day < '2040-01-01'",
  'id IN (SELECT generate_series(1, 300))',
];

/** Statements that write few rows. */
export const NARROW = [
  'UPDATE t SET n = n WHERE active AND id = 3',
  'UPDATE t SET n = n WHERE id = 3 OR id = 4',
  'UPDATE t SET n = n WHERE n IS NULL',
  'UPDATE t SET n = n WHERE active AND id BETWEEN 1 AND 5',
  'UPDATE k SET n = n WHERE a = true AND b = 5',
  'WITH batch AS (SELECT id FROM t WHERE n > 0 ORDER BY id LIMIT 5) UPDATE t SET n = n WHERE id IN (SELECT id FROM batch)',
  'UPDATE t SET n = t.n FROM (VALUES (1), (2)) AS s(b) WHERE t.id = s.b',
];

/** Few rows as well, which is only known where the values have been counted. */
export const COUNTED = [
  "kind = 'b'",
  'gone',
  'NOT active',
  'active IS NOT TRUE',
  "state <> 'new'",
  "free = 'other'",
];
