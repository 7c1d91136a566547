import { foundByEye } from './found-by-eye';
import { GRANT, type Story, T, table } from './story';

const freeWork: Story[] = [
  {
    about: 'a wider varchar under an index on an expression',
    setup: [...T, 'CREATE INDEX ON t (lower(word))'],
    statements: ['ALTER TABLE t ALTER COLUMN word TYPE text'],
    harm: 'blocks',
  },
  {
    about: 'a wider varchar in a partial index',
    setup: [...T, 'CREATE INDEX ON t (n) WHERE word IS NOT NULL'],
    statements: ['ALTER TABLE t ALTER COLUMN word TYPE varchar(40)'],
    harm: 'blocks',
  },
  {
    about: 'another collation of a column in an index',
    setup: [...T, 'CREATE INDEX ON t (word)'],
    statements: ['ALTER TABLE t ALTER COLUMN word TYPE varchar(20) COLLATE "C"'],
    harm: 'blocks',
  },
  {
    about: 'timestamp to timestamptz in UTC, in an index',
    setup: [...table('t', ', at timestamp DEFAULT now()'), 'CREATE INDEX ON t (at)'],
    statements: ['ALTER TABLE t ALTER COLUMN at TYPE timestamptz'],
    harm: 'blocks',
  },
  {
    about: 'another enum for values that are cast to the one of before',
    setup: [
      "CREATE TYPE mood AS ENUM ('low', 'high')",
      'CREATE TABLE t (id int PRIMARY KEY, mood mood)',
      GRANT,
    ],
    uses: ["UPDATE t SET mood = 'high'::mood WHERE id = 1"],
    statements: [
      "CREATE TYPE feeling AS ENUM ('low', 'high', 'none')",
      'ALTER TABLE t ALTER COLUMN mood TYPE feeling USING mood::text::feeling',
    ],
    harm: 'breaks',
  },
  {
    about: 'an array in a GIN index that gets the type that it has',
    setup: [
      'CREATE TABLE t (id int PRIMARY KEY, words text[])',
      'CREATE INDEX ON t USING gin (words)',
      "INSERT INTO t SELECT n, ARRAY['v' || n] FROM generate_series(1, 300) AS n",
    ],
    statements: ['ALTER TABLE t ALTER COLUMN words TYPE text[]'],
    harm: 'blocks',
  },
  {
    about: 'another type than an array in a GIN index',
    setup: [
      'CREATE TABLE t (id int PRIMARY KEY, words jsonb)',
      'CREATE INDEX ON t USING gin (words)',
      "INSERT INTO t SELECT n, '[1]' FROM generate_series(1, 300) AS n",
    ],
    statements: ['ALTER TABLE t ALTER COLUMN words TYPE jsonb'],
    harm: 'none',
  },
  {
    about: 'NOT NULL dropped and set by one ALTER, in which dropping comes first',
    setup: [...T],
    statements: ['ALTER TABLE t ALTER COLUMN n SET NOT NULL, ALTER COLUMN n DROP NOT NULL'],
    harm: 'blocks',
  },
  {
    about: 'rows locked by a query',
    setup: [...T],
    statements: ['SELECT FROM t WHERE n > 1 FOR NO KEY UPDATE'],
    harm: 'blocks',
  },
  {
    about: 'rows of one table of a join locked by a query',
    setup: [...T, ...table('u')],
    statements: ['SELECT FROM t JOIN u USING (id) FOR UPDATE OF u'],
    harm: 'blocks',
  },
  {
    about: 'a few rows locked by a query',
    setup: [...T],
    statements: ['SELECT FROM t WHERE n > 1 LIMIT 3 FOR UPDATE', 'SELECT FROM t WHERE id = 7 FOR SHARE'],
    harm: 'none',
  },
  {
    about: 'SET NOT NULL and the drop of the check that proves it, in one ALTER',
    setup: [...T, 'ALTER TABLE t ADD CONSTRAINT known CHECK (word IS NOT NULL)'],
    statements: ['ALTER TABLE t ALTER COLUMN word SET NOT NULL, DROP CONSTRAINT known'],
    harm: 'blocks',
  },
  {
    about: 'the same in two statements',
    setup: [...T, 'ALTER TABLE t ADD CONSTRAINT known CHECK (word IS NOT NULL)'],
    statements: ['ALTER TABLE t ALTER COLUMN word SET NOT NULL', 'ALTER TABLE t DROP CONSTRAINT known'],
    harm: 'none',
  },
  {
    about: 'a stored column with another expression',
    setup: table('t', ', m int GENERATED ALWAYS AS (n + 1) STORED'),
    statements: ['ALTER TABLE t ALTER COLUMN m SET EXPRESSION AS (n + 2)'],
    harm: 'blocks',
    since: 17,
  },
  {
    about: 'a virtual column that must not be NULL',
    setup: T,
    statements: ['ALTER TABLE t ADD COLUMN m int GENERATED ALWAYS AS (n + 1) VIRTUAL NOT NULL'],
    harm: 'blocks',
    since: 18,
  },
  {
    about: 'a foreign key that is enforced',
    setup: [...T, ...table('u'), 'ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (n) REFERENCES t NOT ENFORCED'],
    statements: ['ALTER TABLE u ALTER CONSTRAINT k ENFORCED'],
    harm: 'blocks',
    since: 18,
  },
  {
    about: 'a column of a domain with a volatile default',
    setup: [...T, 'CREATE DOMAIN token AS uuid DEFAULT gen_random_uuid()'],
    statements: ['ALTER TABLE t ADD COLUMN x token'],
    harm: 'blocks',
  },
  {
    about: 'a new partition beside a default partition',
    setup: [
      'CREATE TABLE p (id int NOT NULL) PARTITION BY RANGE (id)',
      'CREATE TABLE rest PARTITION OF p DEFAULT',
      'INSERT INTO p SELECT generate_series(1, 300)',
    ],
    statements: ['CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (1000) TO (2000)'],
    harm: 'blocks',
  },
  {
    about: 'a partition that a check of something else is taken to prove',
    setup: [
      'CREATE TABLE p (id int NOT NULL, n int) PARTITION BY RANGE (id)',
      'CREATE TABLE q (id int NOT NULL, n int CHECK (n > 0))',
      'INSERT INTO q SELECT n, n FROM generate_series(1, 300) AS n',
    ],
    statements: ['ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (0) TO (1000)'],
    harm: 'blocks',
  },
  {
    about: 'a partition by an expression, which a check of the column does not prove',
    setup: [
      'CREATE TABLE p (id int NOT NULL, n int) PARTITION BY RANGE (abs(id))',
      'CREATE TABLE q (id int NOT NULL, n int, CHECK (id >= 0 AND id < 1000))',
      'INSERT INTO q SELECT n, n FROM generate_series(1, 300) AS n',
    ],
    statements: ['ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (0) TO (1000)'],
    harm: 'blocks',
  },
  {
    about: 'a partition that a check of an expression of its column does not prove',
    setup: [
      'CREATE TABLE p (id int NOT NULL, n int) PARTITION BY RANGE (id)',
      'CREATE TABLE q (id int NOT NULL, n int, CHECK (abs(id) >= 0 AND id % 1000 < 1000))',
      'INSERT INTO q SELECT n, n FROM generate_series(1, 300) AS n',
    ],
    statements: ['ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (0) TO (1000)'],
    harm: 'blocks',
  },
  {
    about: 'a partition of a list that a check of an expression of its column does not prove',
    setup: [
      'CREATE TABLE p (id int NOT NULL, n int) PARTITION BY LIST (id)',
      'CREATE TABLE q (id int NOT NULL, n int, CHECK (id / 1000 IN (0)))',
      'INSERT INTO q SELECT 0, n FROM generate_series(1, 300) AS n',
    ],
    statements: ['ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (0)'],
    harm: 'blocks',
  },
  ...(
    [
      ['a new row', 'INSERT INTO c VALUES (1)', 'refused'],
      ['a change of its key', 'UPDATE c SET o = 2 WHERE o = 1', 'refused'],
      ['a change of something else', 'UPDATE c SET n = 2 WHERE o = 1', undefined],
      ['a row that others may refer to', 'DELETE FROM o WHERE id = 3', 'refused of o'],
      ['a new row that is looked at', 'INSERT INTO c VALUES (1); SET CONSTRAINTS ALL IMMEDIATE', undefined],
    ] as const
  ).map(
    ([about, sql, harm]): Story => ({
      about: `${about} under a deferred foreign key, and a change of its table`,
      setup: [
        'CREATE TABLE o (id int PRIMARY KEY, n int)',
        'CREATE TABLE c (o int REFERENCES o DEFERRABLE INITIALLY DEFERRED, n int)',
        'INSERT INTO o SELECT generate_series(1, 3)',
        'INSERT INTO c VALUES (1, 1)',
      ],
      statements: [
        'BEGIN',
        ...sql.split('; '),
        `ALTER TABLE ${harm === 'refused of o' ? 'o' : 'c'} ADD COLUMN z int`,
        'COMMIT',
      ],
      harm: harm ? 'refused' : 'none',
    }),
  ),
  {
    about: 'a key of a table that is partitioned by an expression',
    setup: ['CREATE TABLE p (id int NOT NULL, n int) PARTITION BY RANGE (abs(id))'],
    statements: ['ALTER TABLE p ADD PRIMARY KEY (id)'],
    harm: 'refused',
  },
  {
    about: 'a foreign key of a partitioned table alone',
    setup: [
      'CREATE TABLE o (id int PRIMARY KEY)',
      'CREATE TABLE p (id int NOT NULL, n int) PARTITION BY RANGE (id)',
      'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (1000)',
    ],
    statements: ['ALTER TABLE ONLY p ADD FOREIGN KEY (n) REFERENCES o'],
    harm: 'refused',
  },
  {
    about: 'a partition that lacks an index of its parent',
    setup: [
      'CREATE TABLE p (id int NOT NULL, n int) PARTITION BY RANGE (id)',
      'CREATE INDEX ON p (n)',
      'CREATE TABLE q (id int NOT NULL, n int, CHECK (id >= 0 AND id < 1000))',
      'INSERT INTO q SELECT n, n FROM generate_series(1, 300) AS n',
    ],
    statements: ['ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (0) TO (1000)'],
    harm: 'blocks',
  },
  {
    about: 'NOT NULL taken away and given again',
    setup: T,
    statements: ['ALTER TABLE t ALTER COLUMN n DROP NOT NULL', 'ALTER TABLE t ALTER COLUMN n SET NOT NULL'],
    harm: 'blocks',
  },
  {
    about: 'a rule for a small table whose heir is big',
    setup: [
      'CREATE TABLE a (n int)',
      'CREATE TABLE b () INHERITS (a)',
      'INSERT INTO b SELECT generate_series(1, 300)',
    ],
    statements: ['ALTER TABLE a ADD CHECK (n > 0)'],
    harm: 'blocks',
  },
  {
    about: 'a foreign key of a table that the release has copied',
    setup: T,
    statements: ['CREATE TABLE c AS SELECT id FROM t', 'ALTER TABLE c ADD FOREIGN KEY (id) REFERENCES t'],
    harm: 'blocks',
  },
  {
    about: 'rows that no index finds, under the lock of the statement before',
    setup: T,
    statements: ['ALTER TABLE t ADD COLUMN x int', "UPDATE t SET x = 1 WHERE word = 'v5'"],
    harm: 'blocks',
  },
  {
    about: 'one part that reads beside one that locks',
    setup: [...T, 'ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0) NOT VALID'],
    statements: ['ALTER TABLE t VALIDATE CONSTRAINT c, ALTER COLUMN word SET DEFAULT NULL'],
    harm: 'blocks',
  },
];

const partitions: Story[] = [
  {
    about: 'a wider varchar in an index of a partitioned table',
    setup: [
      'CREATE TABLE p (id int NOT NULL, word varchar(20)) PARTITION BY RANGE (id)',
      'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (1000)',
      "INSERT INTO p SELECT n, 'v' || n FROM generate_series(1, 300) AS n",
      'CREATE INDEX ON p (word)',
    ],
    statements: ['ALTER TABLE p ALTER COLUMN word TYPE varchar(40)'],
    harm: 'blocks',
  },
];

const brokenVersions: Story[] = [
  {
    about: 'a wider column under a named prepared statement',
    setup: [...T, GRANT],
    uses: ['PREPARE words AS SELECT word FROM t'],
    statements: ['ALTER TABLE t ALTER COLUMN word TYPE text'],
    harm: 'breaks',
  },
  {
    about: 'numbers that begin again',
    setup: [
      'CREATE TABLE s (id serial PRIMARY KEY, n int)',
      'INSERT INTO s (n) SELECT generate_series(1, 300)',
      GRANT,
      'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app',
    ],
    uses: ['INSERT INTO s (n) VALUES (1)'],
    statements: ['ALTER SEQUENCE s_id_seq RESTART'],
    harm: 'breaks',
  },
  {
    about: 'an identity that is dropped',
    setup: ['CREATE TABLE s (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int)', GRANT],
    uses: ['INSERT INTO s (n) VALUES (1)'],
    statements: ['ALTER TABLE s ALTER COLUMN id DROP IDENTITY'],
    harm: 'breaks',
  },
  {
    about: 'a default of NULL on a column that must not be NULL',
    setup: ['CREATE TABLE s (id int NOT NULL DEFAULT 1, n int)', GRANT],
    uses: ['INSERT INTO s (n) VALUES (1)'],
    statements: ['ALTER TABLE s ALTER COLUMN id SET DEFAULT NULL'],
    harm: 'breaks',
  },
  {
    about: 'a constant default on a key',
    setup: [
      'CREATE TABLE s (id serial PRIMARY KEY, n int)',
      'INSERT INTO s VALUES (7, 7)',
      GRANT,
      'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app',
    ],
    uses: ['INSERT INTO s (n) VALUES (1)'],
    statements: ['ALTER TABLE s ALTER COLUMN id SET DEFAULT 7'],
    harm: 'breaks',
  },
  {
    about: 'a function of another name',
    setup: ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
    uses: ['SELECT f()'],
    statements: ['ALTER FUNCTION f() RENAME TO g'],
    harm: 'breaks',
  },
  {
    about: 'the last policy',
    setup: [...T, 'CREATE POLICY p ON t USING (true)', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY', GRANT],
    uses: ['SELECT id FROM t'],
    statements: ['DROP POLICY p ON t'],
    harm: 'breaks',
  },
  {
    about: 'a publication of a table without a key',
    setup: ['CREATE TABLE k (n int)', 'INSERT INTO k VALUES (1)', GRANT],
    uses: ['UPDATE k SET n = 1'],
    statements: ['CREATE PUBLICATION c FOR TABLE k'],
    harm: 'breaks',
  },
  {
    about: 'a whole identity with a computed column',
    setup: [
      'CREATE TABLE k (n int PRIMARY KEY, m int GENERATED ALWAYS AS (n) STORED)',
      'INSERT INTO k VALUES (1)',
      'CREATE PUBLICATION c FOR TABLE k',
      GRANT,
    ],
    uses: ['UPDATE k SET n = 1'],
    statements: ['ALTER TABLE k REPLICA IDENTITY FULL'],
    harm: 'breaks',
    since: 18,
  },
  {
    about: 'a materialized view without data',
    setup: [...T, 'CREATE MATERIALIZED VIEW m AS SELECT n FROM t', GRANT],
    uses: ['SELECT n FROM m'],
    statements: ['REFRESH MATERIALIZED VIEW m WITH NO DATA'],
    harm: 'blocks',
  },
  {
    about: 'a view made again without a column',
    setup: [...T, 'CREATE VIEW v AS SELECT id, n FROM t', GRANT],
    uses: ['SELECT n FROM v'],
    statements: ['DROP VIEW v', 'CREATE VIEW v AS SELECT id FROM t', 'GRANT SELECT ON v TO app'],
    harm: 'breaks',
  },
  {
    about: 'what goes with a type',
    setup: ["CREATE TYPE e AS ENUM ('a')", 'CREATE TABLE x (id int, e e)', GRANT],
    uses: ['SELECT e FROM x'],
    statements: ['DROP TYPE e CASCADE'],
    harm: 'breaks',
  },
  {
    about: 'what a role owns and may',
    setup: [...T, GRANT],
    uses: ['SELECT id FROM t'],
    statements: ['DROP OWNED BY app'],
    harm: 'breaks',
  },
  {
    about: 'rows that are deleted inside a WITH',
    setup: T,
    statements: ['WITH gone AS (DELETE FROM t WHERE true RETURNING 1) SELECT count(*) FROM gone'],
    harm: 'blocks',
  },
  {
    about: 'rows that a MERGE deletes',
    setup: T,
    statements: [
      'MERGE INTO t USING (SELECT generate_series(1, 300)) AS s(n) ON t.id = s.n WHEN MATCHED THEN DELETE',
    ],
    harm: 'blocks',
  },
  {
    about: 'a rule before ON CONFLICT',
    setup: [...T, GRANT],
    uses: ['INSERT INTO t VALUES (1, 1) ON CONFLICT (id) DO NOTHING'],
    statements: ['CREATE RULE r AS ON INSERT TO t DO ALSO NOTIFY x'],
    harm: 'breaks',
  },
];

const secured = (sql: string): Pick<Story, 'setup' | 'uses' | 'statements'> => ({
  setup: [...T, 'CREATE POLICY p ON t USING (true)', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY', GRANT],
  uses: ['SELECT id FROM t'],
  statements: sql.split('; '),
});

const narrowed: Story[] = [
  ...['ADD FOREIGN KEY (n) REFERENCES p', 'ADD COLUMN z int REFERENCES p'].map(
    (part): Story => ({
      about: `${part}, which is partitioned`,
      setup: [
        'CREATE TABLE p (at int PRIMARY KEY) PARTITION BY RANGE (at)',
        'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10)',
        'CREATE TABLE s (n int)',
      ],
      statements: [`ALTER TABLE s ${part}`],
      harm: 'none',
    }),
  ),
  {
    about: 'rows that a list of a MERGE does not have',
    setup: T,
    statements: [
      'MERGE INTO t USING (VALUES (1)) AS l(n) ON t.id = l.n WHEN NOT MATCHED BY SOURCE THEN DELETE',
    ],
    harm: 'blocks',
    since: 18,
  },
  ...[
    ['that came behind the triggers', [], 'breaks'],
    [
      'that a trigger of the release fills',
      ['CREATE TRIGGER fills BEFORE INSERT ON s FOR EACH ROW EXECUTE FUNCTION fill()'],
      'none',
    ],
  ].map(
    ([about, more, harm]): Story => ({
      about: `a column ${about} and must have a value`,
      setup: [
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.fresh := 1; RETURN NEW; END'",
        'CREATE TABLE s (id int)',
        'INSERT INTO s VALUES (1)',
        'CREATE TRIGGER g BEFORE INSERT ON s FOR EACH ROW EXECUTE FUNCTION f()',
        GRANT,
      ],
      uses: ['INSERT INTO s VALUES (2)'],
      statements: [
        'ALTER TABLE s ADD COLUMN fresh int',
        'UPDATE s SET fresh = 1',
        ...(more as string[]),
        'ALTER TABLE s ALTER COLUMN fresh SET NOT NULL',
      ],
      harm: harm as Story['harm'],
    }),
  ),
  {
    about: 'a row of a list that a MERGE looks for without an index, under a lock',
    setup: ['CREATE TABLE s (n int)', 'INSERT INTO s SELECT generate_series(1, 300)'],
    statements: [
      'LOCK TABLE s IN ACCESS EXCLUSIVE MODE',
      'MERGE INTO s USING (VALUES (1)) AS l(n) ON s.n = l.n WHEN MATCHED THEN DELETE',
    ],
    harm: 'blocks',
  },
  {
    about: 'rows that an INSERT finds there already',
    setup: T,
    statements: ['INSERT INTO t (id, n) SELECT id, n FROM t ON CONFLICT (id) DO UPDATE SET n = excluded.n'],
    harm: 'blocks',
  },
  {
    about: 'one row that an INSERT finds there already',
    setup: T,
    statements: ['INSERT INTO t (id, n) VALUES (3, 4) ON CONFLICT (id) DO UPDATE SET n = excluded.n'],
    harm: 'none',
  },
  {
    about: 'a role that gave the version its rights',
    setup: [
      'CREATE TABLE s (id int)',
      'INSERT INTO s VALUES (1)',
      'CREATE ROLE readers',
      'GRANT SELECT ON s TO readers',
      'GRANT readers TO app',
    ],
    uses: ['SELECT id FROM s'],
    statements: ['REVOKE readers FROM app'],
    harm: 'breaks',
  },
  ...[
    ['that takes children along, by one that holds them back', 'ON DELETE CASCADE', 'breaks'],
    ['that empties children, by one that holds them back', 'ON DELETE SET NULL', 'breaks'],
    ['that does nothing, by one that holds children back', 'ON DELETE NO ACTION', 'none'],
  ].map(
    ([about, action, harm]): Story => ({
      about: `a foreign key ${about}`,
      setup: [
        'CREATE TABLE a (id int PRIMARY KEY)',
        'INSERT INTO a VALUES (1), (2)',
        `CREATE TABLE b (id int, a_id int CONSTRAINT k REFERENCES a ${action})`,
        'INSERT INTO b VALUES (1, 1)',
        GRANT,
      ],
      uses: ['DELETE FROM a WHERE id = 1'],
      statements: [
        'ALTER TABLE b DROP CONSTRAINT k',
        'ALTER TABLE b ADD CONSTRAINT k FOREIGN KEY (a_id) REFERENCES a ON DELETE RESTRICT NOT VALID',
      ],
      harm: harm as Story['harm'],
    }),
  ),
  {
    about: 'a policy with a condition where it had none',
    ...secured('ALTER POLICY p ON t USING (n < 0)'),
    harm: 'breaks',
  },
  {
    about: 'a policy for others than who is at work',
    ...secured('ALTER POLICY p ON t TO CURRENT_USER'),
    harm: 'breaks',
  },
  {
    about: 'a policy that another one does not stand in for',
    ...secured('CREATE POLICY q ON t USING (n < 0); DROP POLICY p ON t'),
    harm: 'breaks',
  },
  {
    about: 'a policy that another one stands in for',
    ...secured('CREATE POLICY q ON t USING (true); DROP POLICY p ON t'),
    harm: 'none',
  },
  {
    about: 'numbers always, for a column that could be written',
    setup: ['CREATE TABLE s (id int GENERATED BY DEFAULT AS IDENTITY)', GRANT],
    uses: ['INSERT INTO s (id) VALUES (1)'],
    statements: ['ALTER TABLE s ALTER COLUMN id SET GENERATED ALWAYS'],
    harm: 'breaks',
  },
];

const refusals: Story[] = [
  ...[
    ['a view', 'CREATE VIEW v AS SELECT word FROM t'],
    [
      'a trigger',
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE OF word ON t FOR EACH ROW EXECUTE FUNCTION f()",
    ],
    ['a policy', "CREATE POLICY p ON t USING (word <> '')"],
    [
      'a function',
      'CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(word) FROM t; END',
    ],
    ['a generated column', 'ALTER TABLE t ADD COLUMN w text GENERATED ALWAYS AS (word) STORED'],
    ['a publication', "CREATE PUBLICATION p FOR TABLE t WHERE (word <> '') WITH (publish = 'insert')"],
  ].map(
    ([what, sql]): Story => ({
      about: `the type of a column that ${what} uses`,
      setup: [...T, sql!],
      statements: ['ALTER TABLE t ALTER COLUMN word TYPE text'],
      harm: 'refused',
    }),
  ),
  {
    about: 'a rule of a domain inside an array',
    setup: ['CREATE DOMAIN d AS text', 'CREATE TABLE x (d d[])'],
    statements: ["ALTER DOMAIN d ADD CHECK (VALUE <> '')"],
    harm: 'refused',
  },
  {
    about: 'an identity column in a new partition',
    setup: [
      'CREATE TABLE p (id int NOT NULL) PARTITION BY RANGE (id)',
      'CREATE TABLE q (id int GENERATED ALWAYS AS IDENTITY)',
    ],
    statements: ['ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (0) TO (1)'],
    harm: 'refused',
    since: 17,
  },
  {
    about: 'a function in use',
    setup: [
      ...T,
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      'CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()',
    ],
    statements: ['DROP FUNCTION f()'],
    harm: 'refused',
  },
  {
    about: 'an index built concurrently on a partitioned table',
    setup: [...T, 'CREATE TABLE p (id int NOT NULL) PARTITION BY RANGE (id)'],
    statements: ['CREATE INDEX CONCURRENTLY i ON p (id)'],
    alone: true,
    harm: 'refused',
  },
  {
    about: 'a default for rows that are values elsewhere',
    setup: [...T, 'CREATE TABLE x (was t)'],
    statements: ['ALTER TABLE t ADD COLUMN y int DEFAULT 1'],
    harm: 'refused',
  },
  {
    about: 'a key that others refer to',
    setup: [...T, 'CREATE TABLE x (t_id int REFERENCES t)'],
    statements: ['ALTER TABLE t DROP CONSTRAINT t_pkey'],
    harm: 'refused',
  },
];

const falseAlarms: Story[] = [
  {
    about: 'another expression for a virtual column of rows that are values elsewhere',
    setup: ['CREATE TABLE w (n int, m int GENERATED ALWAYS AS (n + 1) VIRTUAL)', 'CREATE TABLE x (was w)'],
    statements: ['ALTER TABLE w ALTER COLUMN m SET EXPRESSION AS (n + 2)'],
    harm: 'none',
    since: 18,
  },
  {
    about: "the server's own tables, read under a lock",
    setup: T,
    statements: ['LOCK TABLE t IN ACCESS EXCLUSIVE MODE', 'SELECT count(*) FROM pg_class'],
    harm: 'none',
  },
  {
    about: 'VACUUM that is not FULL',
    setup: T,
    statements: ['VACUUM (FULL false) t'],
    alone: true,
    harm: 'none',
  },
  {
    about: 'a column that is not there',
    setup: T,
    statements: ['ALTER TABLE t DROP COLUMN IF EXISTS x'],
    harm: 'none',
  },
  {
    about: 'a temporary table',
    setup: [],
    statements: ['CREATE TEMP TABLE x (n int)', 'CREATE INDEX ON x (n)', 'DROP TABLE x'],
    harm: 'none',
  },
  {
    about: 'cidr to inet',
    setup: table('t', ', c cidr'),
    statements: ['ALTER TABLE t ALTER COLUMN c TYPE inet'],
    harm: 'none',
  },
  {
    about: 'a longer interval',
    setup: table('t', ', i interval(3)'),
    statements: ['ALTER TABLE t ALTER COLUMN i TYPE interval'],
    harm: 'none',
  },
  {
    about: 'a check that says it by NOT',
    setup: [...T, 'ALTER TABLE t ADD CONSTRAINT known CHECK (NOT (word IS NULL))'],
    statements: ['ALTER TABLE t ALTER COLUMN word SET NOT NULL'],
    harm: 'none',
  },
  {
    about: 'an enum value renamed in the release that makes the type',
    setup: [],
    statements: ["CREATE TYPE e AS ENUM ('a')", "ALTER TYPE e RENAME VALUE 'a' TO 'b'"],
    harm: 'none',
  },
];

const conditions: Story[] = [
  ...[
    ['all but some', 'NOT id = 3'],
    ['all, said by NOT', 'NOT false'],
    ['one of several open ends', 'id = 3 OR id > 5'],
    ['what is distinct from one value', 'id IS DISTINCT FROM 3'],
    ['what is in no list', 'id NOT IN (1, 2)'],
    ['what a subquery without a condition gives', 'id IN (SELECT id FROM t)'],
  ].map(
    ([what, where]): Story => ({
      about: `an update of ${what}`,
      setup: T,
      statements: [`UPDATE t SET n = n WHERE ${where}`],
      harm: 'blocks',
    }),
  ),
  {
    about: 'an update of what a series finds',
    setup: T,
    statements: ['UPDATE t SET n = n FROM (SELECT generate_series(1, 300)) AS s(k) WHERE t.id = s.k'],
    harm: 'blocks',
  },
  {
    about: 'an update of what a list finds',
    setup: T,
    statements: ['UPDATE t SET n = n FROM (VALUES (1), (2)) AS s(k) WHERE t.id = s.k'],
    harm: 'none',
  },
  {
    about: 'an update of nothing under a lock',
    setup: T,
    statements: ['ALTER TABLE t DISABLE TRIGGER USER', "UPDATE t SET word = 'x' WHERE false"],
    harm: 'none',
  },
  {
    about: 'a column that is emptied',
    setup: [
      'CREATE TABLE s (id int, n int)',
      'INSERT INTO s SELECT n, n FROM generate_series(1, 20) AS n',
      GRANT,
    ],
    uses: ['SELECT 1 FROM s HAVING count(n) > 0'],
    statements: ['UPDATE s SET n = DEFAULT'],
    harm: 'breaks',
  },
  {
    about: 'rows that are copied out under a lock',
    setup: T,
    statements: ['LOCK TABLE t IN ACCESS EXCLUSIVE MODE', "COPY (SELECT count(word) FROM t) TO '/dev/null'"],
    harm: 'blocks',
  },
];

const rowSecurity: Story[] = [
  {
    about: 'row security behind a policy for readers alone',
    setup: [...T, GRANT],
    uses: ['INSERT INTO t VALUES (1000, 1)'],
    statements: ['CREATE POLICY p ON t FOR SELECT USING (true)', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY'],
    harm: 'breaks',
  },
  {
    about: 'row security behind a policy for each command',
    setup: [...T, GRANT],
    uses: ['INSERT INTO t VALUES (1000, 1)', 'SELECT id FROM t', 'DELETE FROM t WHERE id = 3'],
    statements: [
      'CREATE POLICY p ON t FOR SELECT USING (true)',
      'CREATE POLICY q ON t FOR INSERT WITH CHECK (true)',
      'CREATE POLICY r ON t FOR UPDATE USING (true)',
      'CREATE POLICY s ON t FOR DELETE USING (true)',
      'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
    ],
    harm: 'none',
  },
  {
    about: 'a restrictive policy',
    setup: [...T, 'CREATE POLICY p ON t USING (true)', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY', GRANT],
    uses: ['SELECT id FROM t'],
    statements: ['CREATE POLICY q ON t AS RESTRICTIVE USING (n < 0)'],
    harm: 'breaks',
  },
];

const others: Story[] = [
  {
    about: 'a table in the schema that the session has chosen',
    setup: ['CREATE SCHEMA s', ...table('s.t'), 'CREATE TABLE t (id int)'],
    statements: ['SET search_path = s, public', 'ALTER TABLE t ALTER COLUMN word SET NOT NULL'],
    harm: 'blocks',
  },
  {
    about: 'numbers always, for a column that is written',
    setup: ['CREATE TABLE s (id int NOT NULL)', GRANT],
    uses: ['INSERT INTO s (id) VALUES (1)'],
    statements: ['ALTER TABLE s ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY'],
    harm: 'breaks',
  },
  {
    about: 'an heir that leaves its parent',
    setup: [
      'CREATE TABLE a (n int)',
      'CREATE TABLE b () INHERITS (a)',
      'INSERT INTO b SELECT generate_series(1, 20)',
      GRANT,
    ],
    uses: ['SELECT n FROM a'],
    statements: ['ALTER TABLE b NO INHERIT a'],
    harm: 'breaks',
  },
  {
    about: 'a domain over one with a rule',
    setup: [...T, "CREATE DOMAIN d AS text CHECK (VALUE <> '')", 'CREATE DOMAIN e AS d'],
    statements: ["ALTER TABLE t ADD COLUMN x e DEFAULT 'x'"],
    harm: 'blocks',
  },
  {
    about: 'a rule for a domain that another one stands on',
    setup: ['CREATE DOMAIN d AS text', 'CREATE DOMAIN e AS d', ...table('t', ", x e DEFAULT 'x'")],
    statements: ["ALTER DOMAIN d ADD CHECK (VALUE <> '')"],
    harm: 'blocks',
  },
  {
    about: 'a publication whose columns leave the key out',
    setup: [...T, GRANT],
    uses: ['UPDATE t SET n = n WHERE id = 3'],
    statements: ['CREATE PUBLICATION p FOR TABLE t (n)'],
    harm: 'breaks',
  },
  {
    about: 'a publication whose condition is about more than the key',
    setup: [...T, GRANT],
    uses: ['UPDATE t SET n = n WHERE id = 3'],
    statements: ['CREATE PUBLICATION p FOR TABLE t WHERE (n > 0)'],
    harm: 'breaks',
  },
  {
    about: 'a key that is checked later, beside one on the same columns',
    setup: [...T, GRANT],
    uses: ['INSERT INTO t VALUES (1000, 1) ON CONFLICT (id) DO NOTHING'],
    statements: ['ALTER TABLE t ADD UNIQUE (id) DEFERRABLE'],
    harm: 'blocks',
  },
  {
    about: 'a right on a function that a default calls',
    setup: [
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      'CREATE TABLE s (id int, n int DEFAULT f())',
      GRANT,
    ],
    uses: ['INSERT INTO s (id) VALUES (1)'],
    statements: ['REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC'],
    harm: 'breaks',
  },
  {
    about: 'a key that is dropped and made again on a small table',
    setup: ['CREATE TABLE s (id int CONSTRAINT k UNIQUE)', 'INSERT INTO s VALUES (1)', GRANT],
    uses: ['INSERT INTO s VALUES (2) ON CONFLICT (id) DO NOTHING'],
    statements: ['ALTER TABLE s DROP CONSTRAINT k', 'ALTER TABLE s ADD CONSTRAINT k UNIQUE (id)'],
    harm: 'none',
  },
  {
    about: 'an exclusion that conflicts name',
    setup: ['CREATE TABLE r (d int4range, CONSTRAINT apart EXCLUDE USING gist (d WITH &&))', GRANT],
    uses: ["INSERT INTO r VALUES ('[1,2)') ON CONFLICT ON CONSTRAINT apart DO NOTHING"],
    statements: ['ALTER TABLE r DROP CONSTRAINT apart'],
    harm: 'breaks',
  },
  {
    about: 'a key of partitions beside another one, that ONLY their parent is told to drop',
    setup: [
      'CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)',
      'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (1000)',
      'CREATE UNIQUE INDEX twin ON p (id)',
    ],
    statements: ['ALTER TABLE ONLY p DROP CONSTRAINT p_pkey CASCADE'],
    harm: 'none',
  },
  {
    about: 'a key beside another one on its columns, which conflicts name',
    setup: ['CREATE TABLE k (id int PRIMARY KEY)', 'CREATE UNIQUE INDEX ON k (id)', GRANT],
    uses: ['INSERT INTO k VALUES (2) ON CONFLICT ON CONSTRAINT k_pkey DO NOTHING'],
    statements: ['ALTER TABLE k DROP CONSTRAINT k_pkey'],
    harm: 'breaks',
  },
  {
    about: 'a key that was written twice, under the one name that it got',
    setup: ['CREATE TABLE k (id int PRIMARY KEY, CONSTRAINT one UNIQUE (id))', GRANT],
    uses: ['INSERT INTO k VALUES (2) ON CONFLICT (id) DO NOTHING'],
    statements: ['ALTER TABLE k DROP CONSTRAINT one'],
    harm: 'breaks',
  },
  {
    about: 'a key that comes again by an index',
    setup: ['CREATE TABLE k (id int PRIMARY KEY)', 'CREATE UNIQUE INDEX again ON k (id)', GRANT],
    uses: ['INSERT INTO k VALUES (2) ON CONFLICT ON CONSTRAINT k_pkey DO NOTHING'],
    statements: ['ALTER TABLE k DROP CONSTRAINT k_pkey, ADD CONSTRAINT k_pkey PRIMARY KEY USING INDEX again'],
    harm: 'none',
  },
  {
    about: 'a partition whose parent refers to a table with partitions',
    setup: [
      'CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)',
      'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)',
      'CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p) PARTITION BY RANGE (id)',
    ],
    statements: ['CREATE TABLE c1 PARTITION OF c FOR VALUES FROM (0) TO (10)'],
    harm: 'none',
  },
  {
    about: 'a table that refers to one with partitions, and goes',
    setup: [
      'CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)',
      'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)',
      'CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p)',
      GRANT,
    ],
    uses: ['SELECT FROM c'],
    statements: ['DROP TABLE c'],
    harm: 'breaks',
  },
  {
    about: 'a partition to which foreign keys of other tables lead by its parent',
    setup: [
      'CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)',
      'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)',
      'CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p)',
      GRANT,
    ],
    uses: ['SELECT FROM p1'],
    statements: ['DROP TABLE p1 CASCADE'],
    harm: 'breaks',
  },
  {
    about: 'a key of partitions that ONLY their parent is told to drop',
    setup: [
      ...T,
      'CREATE TABLE p (id int NOT NULL, CONSTRAINT k FOREIGN KEY (id) REFERENCES t) PARTITION BY RANGE (id)',
      'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (100)',
    ],
    statements: ['ALTER TABLE ONLY p DROP CONSTRAINT k'],
    harm: 'none',
  },
  {
    about: 'an interval of minutes alone, in a key',
    setup: [
      'CREATE TABLE i (k interval PRIMARY KEY)',
      "INSERT INTO i SELECT n * interval '1 minute' FROM generate_series(1, 300) AS n",
    ],
    statements: ['ALTER TABLE i ALTER COLUMN k TYPE interval minute'],
    harm: 'blocks',
  },
  {
    about: 'a primary key of an index, on a column that an heir has without a rule',
    setup: [
      'CREATE TABLE a (n int)',
      'CREATE UNIQUE INDEX a_n ON a (n)',
      'CREATE TABLE b () INHERITS (a)',
      'INSERT INTO b SELECT generate_series(1, 300)',
    ],
    statements: ['ALTER TABLE a ADD PRIMARY KEY USING INDEX a_n'],
    harm: 'blocks',
  },
  {
    about: 'rows that an heir finds without an index, under a lock',
    setup: [
      'CREATE TABLE a (n int PRIMARY KEY)',
      'CREATE TABLE b () INHERITS (a)',
      'INSERT INTO b SELECT generate_series(1, 300)',
    ],
    statements: ['ALTER TABLE a FORCE ROW LEVEL SECURITY', 'UPDATE a SET n = n WHERE n = 3'],
    harm: 'blocks',
  },
  {
    about: 'a function that triggers of a partitioned table call',
    setup: [
      'CREATE TABLE p (id int NOT NULL) PARTITION BY RANGE (id)',
      'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (100)',
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      'CREATE TRIGGER g BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION f()',
    ],
    statements: ['DROP FUNCTION f() CASCADE'],
    harm: 'none',
  },
  ...[
    ["an index of a partition that goes beside its parent's", 'DROP INDEX by_n, p_1_n_idx', 'none'],
    [
      "an index that becomes a part of its parent's",
      'ALTER INDEX by_hand ATTACH PARTITION part_by_hand',
      'none',
    ],
  ].map(
    ([about, sql, harm]): Story => ({
      about: about!,
      setup: [
        ...T,
        'CREATE TABLE p (id int NOT NULL, n int, UNIQUE (id, n)) PARTITION BY RANGE (id)',
        'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (100)',
        'CREATE INDEX by_n ON p (n)',
        'CREATE INDEX by_hand ON ONLY p (n, id)',
        'CREATE INDEX part_by_hand ON p_1 (n, id)',
      ],
      statements: [sql!],
      harm: harm as Story['harm'],
    }),
  ),
  {
    about: 'a column that comes and goes in one release',
    setup: [...T, GRANT],
    uses: ['SELECT id FROM t'],
    statements: ['ALTER TABLE t ADD COLUMN x int', 'ALTER TABLE t DROP COLUMN x'],
    harm: 'none',
  },
  {
    about: 'an index of a materialized view, which nobody writes',
    setup: [...T, 'CREATE MATERIALIZED VIEW m AS SELECT n FROM t'],
    statements: ['CREATE INDEX ON m (n)'],
    harm: 'none',
  },
  {
    about: 'a rule of the parent alone',
    setup: [
      'CREATE TABLE a (n int)',
      'CREATE TABLE b () INHERITS (a)',
      'INSERT INTO b SELECT generate_series(1, 300)',
    ],
    statements: ['ALTER TABLE a ADD CHECK (n > 0) NO INHERIT'],
    harm: 'none',
  },
  ...[
    ['a partition that gets a column', 'ALTER TABLE p_1 ADD COLUMN x int', 0],
    ['a column of the parent that an heir drops', 'ALTER TABLE b DROP COLUMN n', 0],
    ['an heir of a partitioned table', 'CREATE TABLE c () INHERITS (p)', 0],
    ['a type without an order in a key', 'ALTER TABLE t ALTER COLUMN n TYPE json USING to_json(n)', 0],
    ['a schema for the sequence of a column', 'ALTER SEQUENCE q_id_seq SET SCHEMA s', 0],
    ['a publication of what is not logged', 'CREATE PUBLICATION p FOR TABLE u', 0],
    ['a condition for a partitioned publication', 'CREATE PUBLICATION k FOR TABLE p WHERE (id > 0)', 0],
    ['a conflict with a key that is checked later', 'INSERT INTO v VALUES (1) ON CONFLICT DO NOTHING', 0],
    ['a time for a rule that is no key', 'ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE', 0],
    ['an index of a virtual column', 'CREATE INDEX ON w (m)', 18],
    ['another expression beside a check', 'ALTER TABLE w ALTER COLUMN m SET EXPRESSION AS (n + 2)', 18],
    ['a rule that is not enforced', 'ALTER TABLE w VALIDATE CONSTRAINT x', 18],
  ].map(
    ([about, sql, since]): Story => ({
      about: String(about),
      setup: [
        ...T,
        'CREATE UNIQUE INDEX ON t (n)',
        'ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0)',
        'CREATE SCHEMA s',
        'CREATE TABLE a (n int)',
        'CREATE TABLE b () INHERITS (a)',
        'CREATE TABLE p (id int NOT NULL) PARTITION BY RANGE (id)',
        'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (100)',
        'CREATE TABLE q (id serial)',
        'CREATE UNLOGGED TABLE u (id int PRIMARY KEY)',
        'CREATE TABLE v (id int UNIQUE DEFERRABLE)',
        ...(since === 18
          ? [
              'CREATE TABLE w (n int, m int GENERATED ALWAYS AS (n + 1) VIRTUAL, CONSTRAINT x CHECK (n > 0) NOT ENFORCED)',
            ]
          : []),
      ],
      statements: [String(sql)],
      harm: 'refused',
      since: Number(since),
    }),
  ),
];

export const stories: readonly Story[] = [
  ...freeWork,
  ...conditions,
  ...rowSecurity,
  ...others,
  ...foundByEye,
  ...partitions,
  ...brokenVersions,
  ...narrowed,
  ...refusals,
  ...falseAlarms,
];
