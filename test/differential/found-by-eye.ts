import { GRANT, type Story, T, table } from './story';

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

const WIPES = "CREATE FUNCTION wipes() RETURNS int LANGUAGE sql AS 'DELETE FROM t; SELECT 1'";

const beside: Story[] = [
  ...[
    ['a value that a function of the user gives', 'INSERT INTO s VALUES (wipes())'],
    ['a condition that calls one', 'UPDATE s SET n = n WHERE n = wipes()'],
  ].map(
    ([about, sql]): Story => ({
      about: `rows that go by ${about}`,
      setup: [...T, 'CREATE TABLE s (n int)', 'INSERT INTO s VALUES (1)', WIPES],
      statements: [sql!],
      harm: 'blocks',
    }),
  ),
  {
    about: 'rows that a rule writes beside those of an INSERT',
    setup: [...T, 'CREATE TABLE s (n int)', 'CREATE RULE r AS ON INSERT TO s DO ALSO UPDATE t SET n = n'],
    statements: ['INSERT INTO s VALUES (1)'],
    harm: 'blocks',
  },
  {
    about: 'rows that a foreign key deletes with one',
    setup: [
      'CREATE TABLE s (n int PRIMARY KEY)',
      'INSERT INTO s VALUES (1)',
      'CREATE TABLE c (s int REFERENCES s ON DELETE CASCADE)',
      'INSERT INTO c SELECT 1 FROM generate_series(1, 300)',
    ],
    statements: ['DELETE FROM s WHERE n = 1'],
    harm: 'blocks',
  },
  {
    about: 'rows that refer to one that goes, found by no index, under a lock',
    setup: [
      'CREATE TABLE s (n int PRIMARY KEY)',
      'INSERT INTO s VALUES (0)',
      'CREATE TABLE c (s int REFERENCES s)',
      'INSERT INTO c SELECT NULL FROM generate_series(1, 300)',
    ],
    statements: ['ALTER TABLE s ADD COLUMN m int', 'DELETE FROM s WHERE n = 0'],
    harm: 'blocks',
  },
  {
    about: 'a rule of a view',
    setup: [
      ...T,
      'CREATE VIEW v AS SELECT count(*) AS n FROM t',
      'CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTIFY x',
      GRANT,
    ],
    uses: ['INSERT INTO v VALUES (1)'],
    statements: ['DROP RULE r ON v'],
    harm: 'breaks',
  },
  {
    about: 'row security of the owner',
    setup: [
      'CREATE TABLE s (n int)',
      'ALTER TABLE s OWNER TO app',
      'ALTER TABLE s ENABLE ROW LEVEL SECURITY',
    ],
    uses: ['INSERT INTO s VALUES (1)'],
    statements: ['ALTER TABLE s FORCE ROW LEVEL SECURITY'],
    harm: 'breaks',
  },
  {
    about: 'NOT NULL of old rows that a rule NOT VALID does not prove',
    setup: [...T, 'ALTER TABLE t ADD CONSTRAINT k NOT NULL word NOT VALID'],
    statements: ['ALTER TABLE t ALTER COLUMN word SET NOT NULL'],
    harm: 'blocks',
    since: 18,
  },
  {
    about: 'a proof that is rolled back',
    setup: T,
    statements: [
      'SAVEPOINT x',
      'ALTER TABLE t DROP COLUMN word',
      'ROLLBACK TO x',
      'ALTER TABLE t ALTER COLUMN word SET NOT NULL',
    ],
    harm: 'blocks',
  },
  ...[
    ['an attribute less', 'ALTER TYPE row_of DROP ATTRIBUTE word CASCADE', 'breaks'],
    ['an attribute of another type', 'ALTER TYPE row_of ALTER ATTRIBUTE n TYPE bigint CASCADE', 'blocks'],
    ['an attribute less, without CASCADE', 'ALTER TYPE row_of DROP ATTRIBUTE word', 'refused'],
    ['a column of its own', 'ALTER TABLE o ADD COLUMN z int', 'refused'],
    ['its type dropped with it', 'DROP TYPE row_of CASCADE', 'breaks'],
  ].map(
    ([about, sql, harm]): Story => ({
      about: `a table OF a type, with ${about}`,
      setup: [
        'CREATE TYPE row_of AS (n int, word text)',
        'CREATE TABLE o OF row_of',
        "INSERT INTO o SELECT n, 'x' FROM generate_series(1, 300) AS n",
        GRANT,
      ],
      uses: ['SELECT n, word FROM o'],
      statements: [sql!],
      harm: harm as Story['harm'],
    }),
  ),
];

/** Told by who read PostgreSQL's source, before any case made by chance did. */
export const foundByEye: readonly Story[] = [...unfitKeys, ...everything, ...beside];
