import type { End } from './plan-walk';

/** A statement whose plan once led somewhere else than the statement itself; it stays as a case. */
export interface PlanStory {
  about: string;
  setup: string[];
  statement: string;
  /** Where its plan leads; none is given where PostgreSQL refuses the statement, or no steps can be made of it. */
  end: Exclude<End, 'unequal'> | 'no plan';
}

const ROWS = "SELECT n, n, 'v' || n FROM generate_series(1, 300) AS n";
const T = ['CREATE TABLE t (id int PRIMARY KEY, n int, word varchar(20))', `INSERT INTO t ${ROWS}`];
const SERIAL = [
  'CREATE TABLE t (id serial PRIMARY KEY, word text)',
  "INSERT INTO t (word) SELECT 'v' || n FROM generate_series(1, 300) AS n",
  "SELECT setval(pg_get_serial_sequence('t', 'id'), 100000)",
  'CREATE TABLE child (id int PRIMARY KEY, t_id int REFERENCES t ON DELETE CASCADE)',
  'INSERT INTO child SELECT n, n FROM generate_series(1, 300) AS n',
];
const SPLIT = [
  'CREATE TABLE p (at int NOT NULL, n int, word text) PARTITION BY RANGE (at)',
  'CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (150)',
  'CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM (150) TO (1000) PARTITION BY RANGE (at)',
  'CREATE TABLE p_2a PARTITION OF p_2 FOR VALUES FROM (150) TO (1000)',
  `INSERT INTO p ${ROWS}`,
];

export const planStories: readonly PlanStory[] = [
  {
    about: 'an enum replaced by way of text',
    setup: [
      `CREATE TYPE "Kind" AS ENUM ('A', 'B')`,
      `CREATE TYPE "Kind_new" AS ENUM ('A', 'B', 'C')`,
      'CREATE TABLE t (id int PRIMARY KEY, kind "Kind" NOT NULL)',
      `INSERT INTO t SELECT n, 'A' FROM generate_series(1, 300) AS n`,
    ],
    statement: 'ALTER TABLE t ALTER COLUMN kind TYPE "Kind_new" USING (kind::text::"Kind_new")',
    end: 'equal',
  },
  {
    about: 'a wider identity key that others refer to',
    setup: SERIAL.map((sql) => sql.replace('id serial', 'id int GENERATED ALWAYS AS IDENTITY')),
    statement: 'ALTER TABLE t ALTER COLUMN id TYPE bigint',
    end: 'equal',
  },
  {
    about: 'a wider type of a column with an index, a rule, statistics, a comment and rights of its own',
    setup: [
      ...T,
      'CREATE INDEX by_n ON t (n) WHERE n > 5',
      'CREATE INDEX by_sum ON t ((n + id)) INCLUDE (word)',
      'ALTER TABLE t ADD CONSTRAINT positive CHECK (n > 0), ADD UNIQUE (n, word)',
      'CREATE STATISTICS pair ON n, id FROM t',
      'CREATE STATISTICS made ON (coalesce(n, 5)), id FROM t',
      "COMMENT ON COLUMN t.n IS 'a number'",
      'GRANT SELECT (n) ON t TO app',
      'ALTER TABLE t ALTER COLUMN n SET STATISTICS 500, ALTER COLUMN n SET DEFAULT 7',
    ],
    statement: 'ALTER TABLE t ALTER COLUMN n TYPE bigint',
    end: 'equal',
  },
  {
    about: 'a type that an exclusion stands on',
    setup: [...T, 'ALTER TABLE t ADD CONSTRAINT apart EXCLUDE USING btree (n WITH =)'],
    statement: 'ALTER TABLE t ALTER COLUMN n TYPE bigint',
    end: 'named',
  },
  {
    about: 'a type of a column under a view',
    setup: [...T, 'CREATE VIEW v AS SELECT n FROM t'],
    statement: 'ALTER TABLE t ALTER COLUMN n TYPE bigint',
    end: 'no plan',
  },
  {
    about: 'a shorter type that cuts nothing off',
    setup: T,
    statement: 'ALTER TABLE t ALTER COLUMN word TYPE varchar(10)',
    end: 'equal',
  },
  {
    // 18 refuses it
    about: 'a key of a partitioned table, whose column may be NULL before',
    setup: SPLIT,
    statement: 'ALTER TABLE p ALTER COLUMN at DROP NOT NULL, ADD PRIMARY KEY (at)',
    end: 'equal',
  },
  {
    about: 'another name of a key that others refer to',
    setup: SERIAL,
    statement: 'ALTER TABLE t RENAME COLUMN id TO renamed',
    end: 'equal',
  },
  {
    about: 'another name of a column under views, indexes and rules',
    setup: [
      ...T,
      'CREATE VIEW v AS SELECT n FROM t',
      'CREATE UNIQUE INDEX by_n ON t (n) INCLUDE (word)',
      'CREATE POLICY own ON t USING (n > 0)',
      'ALTER TABLE t ADD CONSTRAINT positive CHECK (n > 0)',
    ],
    statement: 'ALTER TABLE t RENAME COLUMN n TO renamed',
    end: 'equal',
  },
  {
    about: 'another name in a partitioned table with an index',
    setup: [...SPLIT, 'CREATE INDEX ON p (n)'],
    statement: 'ALTER TABLE p RENAME COLUMN n TO renamed',
    end: 'equal',
  },
  {
    about: 'another name of the column that partitions go by',
    setup: SPLIT,
    statement: 'ALTER TABLE p RENAME COLUMN at TO renamed',
    end: 'no plan',
  },
  {
    about: 'another name where heirs have no trigger',
    setup: [...T, 'CREATE TABLE heirs () INHERITS (t)'],
    statement: 'ALTER TABLE t RENAME COLUMN n TO renamed',
    end: 'no plan',
  },
  {
    about: 'another name of a table with rights and policies',
    setup: [
      ...T,
      'GRANT SELECT, INSERT, UPDATE ON t TO app',
      'CREATE POLICY own ON t USING (n > 0)',
      'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
    ],
    statement: 'ALTER TABLE t RENAME TO moved_away',
    end: 'equal',
  },
  {
    about: 'an index of a partitioned table',
    setup: SPLIT,
    statement: 'CREATE INDEX IF NOT EXISTS by_word ON p (word) INCLUDE (n)',
    end: 'equal',
  },
  {
    about: 'a key of a partitioned table',
    setup: SPLIT,
    statement: 'ALTER TABLE p ADD PRIMARY KEY (at)',
    end: 'equal',
  },
  {
    about: 'a key of the parent of partitions alone',
    setup: SPLIT,
    statement: 'ALTER TABLE ONLY p ADD CONSTRAINT own UNIQUE (at)',
    end: 'no plan',
  },
  {
    about: 'a foreign key that is not validated and goes with its table',
    setup: [
      ...SERIAL,
      'CREATE TABLE late (id int PRIMARY KEY, t_id int)',
      'ALTER TABLE late ADD CONSTRAINT own FOREIGN KEY (t_id) REFERENCES t NOT VALID',
    ],
    statement: 'DROP TABLE t CASCADE',
    end: 'equal',
  },
  {
    about: 'a foreign key of a partitioned table',
    setup: [...T, ...SPLIT, 'INSERT INTO t SELECT n FROM generate_series(40000, 41000) AS n'],
    statement: 'ALTER TABLE p ADD CONSTRAINT own FOREIGN KEY (n) REFERENCES t (id)',
    end: 'equal',
  },
  {
    about: 'parts that have a plan beside parts that have none',
    setup: [...T, 'ALTER TABLE t ALTER COLUMN n SET DEFAULT 5'],
    statement:
      'ALTER TABLE t ALTER COLUMN n DROP DEFAULT, SET (fillfactor = 70), ADD CONSTRAINT positive CHECK (id > 0)',
    end: 'equal',
  },
  {
    about: 'a column with a foreign key that waits for the end of its transaction',
    setup: [...T, 'CREATE TABLE other (id int PRIMARY KEY)', 'INSERT INTO other VALUES (5)'],
    statement:
      'ALTER TABLE t ADD COLUMN fresh int DEFAULT 5 REFERENCES other (id) DEFERRABLE INITIALLY DEFERRED',
    end: 'equal',
  },
  {
    about: 'a column that is there, and one that is not',
    setup: T,
    statement: 'ALTER TABLE t ADD COLUMN IF NOT EXISTS n int, DROP COLUMN IF EXISTS never, DROP COLUMN word',
    end: 'equal',
  },
  {
    about: 'the type of a column that heirs have, beside a column that has a plan',
    setup: [...T, 'CREATE TABLE heirs () INHERITS (t)'],
    statement:
      "ALTER TABLE t ALTER COLUMN n TYPE date USING date '2026-01-01' + n, ADD COLUMN IF NOT EXISTS seen int",
    end: 'equal',
  },
  {
    about: 'a column with a view that goes with it',
    setup: [...T, 'CREATE VIEW v AS SELECT n FROM t'],
    statement: 'ALTER TABLE t DROP COLUMN n CASCADE',
    end: 'equal',
  },
  {
    about: 'a key that no version can leave out',
    setup: T,
    statement: 'ALTER TABLE t DROP COLUMN id',
    end: 'no plan',
  },
  {
    about: 'a table with foreign keys that go with it',
    setup: SERIAL,
    statement: 'DROP TABLE t CASCADE',
    end: 'equal',
  },
  {
    about: 'rows of a table without a key',
    setup: [
      'CREATE TABLE t (n int, word text)',
      "INSERT INTO t SELECT n, 'v' FROM generate_series(1, 300) AS n",
    ],
    statement: 'UPDATE t SET n = n + 1',
    end: 'no plan',
  },
  {
    about: 'another name of a key beside a trigger that waits for the end of its transaction',
    setup: [
      ...T,
      "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      'CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch()',
    ],
    statement: 'ALTER TABLE t RENAME COLUMN id TO renamed',
    end: 'equal',
  },
  {
    about: 'a column of a partitioned table that may be NULL from its new type on',
    setup: [...SPLIT, 'ALTER TABLE p ALTER COLUMN n SET NOT NULL', 'CREATE INDEX ON p (n)'],
    statement: 'ALTER TABLE p ALTER COLUMN n DROP NOT NULL, ALTER COLUMN n TYPE bigint',
    end: 'equal',
  },
  {
    about: 'a key that no version can leave out, beside a part that has a plan',
    setup: T,
    statement: 'ALTER TABLE t ADD CONSTRAINT positive CHECK (n > 0), DROP COLUMN IF EXISTS id CASCADE',
    end: 'no plan',
  },
  {
    about: 'a column that goes, and its default before it',
    setup: [...T, 'ALTER TABLE t ALTER COLUMN n SET DEFAULT 5'],
    statement: 'ALTER TABLE t ALTER COLUMN n DROP DEFAULT, DROP COLUMN IF EXISTS n',
    end: 'equal',
  },
  {
    about: 'a column that a unique index brings along and does not go by',
    setup: [...T, 'CREATE UNIQUE INDEX by_n ON t (n) INCLUDE (word)'],
    statement: 'ALTER TABLE t DROP COLUMN word',
    end: 'no plan',
  },
  {
    about: 'a column in the predicate of a unique index',
    setup: [...T, 'CREATE UNIQUE INDEX by_n ON t (n) WHERE word IS NULL'],
    statement: 'ALTER TABLE t DROP COLUMN word',
    end: 'no plan',
  },
  {
    about: 'an attribute of a composite type',
    setup: [
      'CREATE TYPE place AS (street text, zip text)',
      'CREATE TABLE t (id int PRIMARY KEY, place place)',
    ],
    statement: 'ALTER TYPE place DROP ATTRIBUTE zip',
    end: 'no plan',
  },
];
