import { type Story, T, table } from './story';

const unfitKeys: Story[] = [
  ...[
    ['a view', 'ALTER TABLE u ADD FOREIGN KEY (n) REFERENCES v (id) NOT VALID'],
    ['a column without a key', 'CREATE TABLE k (n int REFERENCES t (n))'],
    ['a part of a key', 'CREATE TABLE k (n int REFERENCES pairs (a))'],
    ['a table without a key', 'ALTER TABLE u ADD COLUMN k int REFERENCES bare'],
    ['a key that is checked later', 'ALTER TABLE u ADD FOREIGN KEY (n) REFERENCES later (n) NOT VALID'],
    ['an index of some rows', 'ALTER TABLE u ADD FOREIGN KEY (n) REFERENCES some_rows (n) NOT VALID'],
    ['another type', 'ALTER TABLE u ADD FOREIGN KEY (word) REFERENCES t NOT VALID'],
    ['fewer columns', 'ALTER TABLE u ADD FOREIGN KEY (id, n) REFERENCES t NOT VALID'],
    ['what is not logged', 'CREATE TABLE k (n int REFERENCES unlogged_rows)'],
    ['what empties a computed column', 'ALTER TABLE c ADD FOREIGN KEY (m) REFERENCES t ON DELETE SET NULL'],
  ].map(
    ([about, sql]): Story => ({
      about: `a foreign key to ${about}`,
      setup: [
        ...T,
        ...table('u'),
        'CREATE VIEW v AS SELECT id FROM t',
        'CREATE TABLE pairs (a int, b int, PRIMARY KEY (a, b))',
        'CREATE TABLE bare (n int)',
        'CREATE TABLE later (n int UNIQUE DEFERRABLE)',
        'CREATE TABLE some_rows (n int)',
        'CREATE UNIQUE INDEX ON some_rows (n) WHERE n > 0',
        'CREATE UNLOGGED TABLE unlogged_rows (id int PRIMARY KEY)',
        'CREATE TABLE c (n int, m int GENERATED ALWAYS AS (n) STORED)',
      ],
      statements: [sql!],
      harm: 'refused',
    }),
  ),
  ...[
    [
      'itself, with the key in the same statement',
      'ALTER TABLE k ADD PRIMARY KEY (a), ADD FOREIGN KEY (b) REFERENCES k',
    ],
    ['its columns in another order', 'ALTER TABLE k ADD FOREIGN KEY (a, b) REFERENCES pairs (y, x)'],
    ['a wider number', 'ALTER TABLE k ADD FOREIGN KEY (a) REFERENCES wide'],
  ].map(
    ([about, sql]): Story => ({
      about: `a foreign key to ${about}`,
      setup: [
        'CREATE TABLE k (a int, b int)',
        'CREATE TABLE pairs (x int, y int, UNIQUE (x, y))',
        'CREATE TABLE wide (id bigint PRIMARY KEY)',
      ],
      statements: [sql!],
      harm: 'none',
    }),
  ),
  ...[
    ['is not unique', 'CREATE INDEX i ON t (n)'],
    ['has a condition', 'CREATE UNIQUE INDEX i ON t (n) WHERE n > 0'],
    ['has an expression', 'CREATE UNIQUE INDEX i ON t (lower(word))'],
  ].map(
    ([about, sql]): Story => ({
      about: `a key of an index that ${about}`,
      setup: [...T, sql!],
      statements: ['ALTER TABLE t ADD UNIQUE USING INDEX i'],
      harm: 'refused',
    }),
  ),
];

const everything: Story[] = [
  ...['VACUUM FULL', 'VACUUM (FULL, ANALYZE)', 'REINDEX SCHEMA public', 'REINDEX DATABASE'].map(
    (sql): Story => ({
      about: `${sql} of all tables`,
      setup: T,
      statements: [sql],
      alone: true,
      harm: 'blocks',
      // the database has a name of its own in each proof
      ...(sql.endsWith('DATABASE') && { since: 18 }),
    }),
  ),
  ...['VACUUM', 'ANALYZE'].map(
    (sql): Story => ({
      about: `${sql} of all tables`,
      setup: T,
      statements: [sql],
      alone: true,
      harm: 'none',
    }),
  ),
];

/** Told by who read PostgreSQL's source, before any case made by chance did. */
export const foundByEye: readonly Story[] = [...unfitKeys, ...everything];
