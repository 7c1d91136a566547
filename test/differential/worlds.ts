import type { ManyStories } from './story';
import { UNFIT } from './worlds-unfit';

const rows = (name: string) => [
  `CREATE TABLE ${name} (n int)`,
  `INSERT INTO ${name} SELECT generate_series(1, 300)`,
];

const rights: ManyStories = {
  about: 'owners and rights',
  setup: [
    'CREATE ROLE team',
    'GRANT team TO app',
    ...['given', 'owned', 'hidden', 'grouped', 'columned', 'apart'].flatMap(rows),
    'GRANT ALL ON given TO app',
    'ALTER TABLE owned OWNER TO app',
    'CREATE VIEW shown AS SELECT n FROM hidden',
    'GRANT SELECT ON shown TO app',
    'CREATE VIEW counted AS SELECT count(*) AS n FROM hidden',
    'GRANT SELECT ON counted TO app',
    'GRANT SELECT ON grouped TO team',
    'GRANT SELECT (n) ON columned TO app',
    'CREATE SCHEMA own AUTHORIZATION app',
    ...rows('own.kept'),
    'GRANT ALL ON own.kept TO app',
    'CREATE SEQUENCE numbers',
    'ALTER SEQUENCE numbers OWNER TO app',
  ],
  uses: [
    'SELECT n FROM given',
    'INSERT INTO owned VALUES (1)',
    'SELECT n FROM shown',
    'SELECT n FROM counted',
    'SELECT n FROM grouped',
    'SELECT n FROM columned',
    'SELECT n FROM own.kept',
    "SELECT nextval('numbers')",
  ],
  told: [
    ['ALTER TABLE given OWNER TO postgres', 'none'],
    ['ALTER TABLE apart OWNER TO app', 'none', 'database'],
    ['ALTER TABLE owned OWNER TO postgres', 'breaks'],
    ['ALTER TABLE owned OWNER TO team', 'none', 'database'],
    ['ALTER TABLE given OWNER TO app', 'none'],
    ['ALTER TABLE given OWNER TO app; ALTER TABLE given OWNER TO postgres', 'breaks'],
    ['REASSIGN OWNED BY app TO postgres', 'breaks'],
    ['REASSIGN OWNED BY team TO postgres', 'none', 'database'],
    ['ALTER SCHEMA own OWNER TO postgres', 'breaks'],
    ['ALTER SEQUENCE numbers OWNER TO postgres', 'breaks'],
    ['ALTER VIEW shown OWNER TO team', 'breaks'],
    ['GRANT SELECT ON hidden TO team; ALTER VIEW shown OWNER TO team', 'none'],
    ['ALTER VIEW shown SET (security_invoker = true)', 'breaks'],
    ['ALTER VIEW shown SET (security_invoker = false)', 'none'],
    ['ALTER VIEW counted SET (security_invoker = true)', 'breaks'],
    ['DROP TABLE hidden', 'refused'],
    ['ALTER VIEW shown SET (security_barrier = true)', 'none'],
    ['GRANT SELECT ON hidden TO app; ALTER VIEW shown SET (security_invoker)', 'none'],
    ['REVOKE SELECT ON grouped FROM team', 'breaks'],
    ['REVOKE SELECT (n) ON columned FROM app', 'breaks'],
    ['REVOKE SELECT (n) ON given FROM app', 'none'],
    ['ALTER TABLE owned ENABLE ROW LEVEL SECURITY', 'none', 'database'],
    ['ALTER ROLE app NOBYPASSRLS', 'none', 'database'],
  ],
};

const published: ManyStories = {
  about: 'publications, and keys that are checked later',
  setup: [
    ...rows('bare'),
    ...rows('loud'),
    'CREATE TABLE kept (n int PRIMARY KEY, m int)',
    'INSERT INTO kept VALUES (1, 1)',
    'CREATE UNIQUE INDEX kept_m ON kept (m)',
    "CREATE PUBLICATION quiet FOR TABLE bare, kept WITH (publish = 'insert')",
    "CREATE PUBLICATION others FOR ALL TABLES WITH (publish = 'insert')",
    'GRANT ALL ON ALL TABLES IN SCHEMA public TO app',
  ],
  uses: [
    'UPDATE bare SET n = n WHERE n = 5',
    'DELETE FROM loud WHERE n = 5',
    'UPDATE kept SET m = m',
    'INSERT INTO kept VALUES (2, 1) ON CONFLICT (m) DO NOTHING',
  ],
  told: [
    ["ALTER PUBLICATION quiet SET (publish = 'insert, update')", 'breaks'],
    ["ALTER PUBLICATION others SET (publish = 'delete')", 'breaks'],
    ["ALTER PUBLICATION quiet SET (publish = 'insert, truncate')", 'none'],
    ["ALTER PUBLICATION quiet DROP TABLE bare; ALTER PUBLICATION quiet SET (publish = 'update')", 'none'],
    ['ALTER PUBLICATION quiet SET (publish_via_partition_root = true)', 'none'],
    ['ALTER PUBLICATION quiet ADD TABLE loud', 'none'],
    ["ALTER PUBLICATION quiet SET (publish = 'update'); ALTER PUBLICATION quiet ADD TABLE loud", 'breaks'],
    ['DROP PUBLICATION others', 'none'],
    ['ALTER TABLE kept ADD CONSTRAINT kept_m UNIQUE USING INDEX kept_m DEFERRABLE', 'breaks'],
    ['ALTER TABLE kept ADD CONSTRAINT kept_m UNIQUE USING INDEX kept_m', 'none'],
    [
      'CREATE UNIQUE INDEX fresh ON kept ((m + 0), n); DROP INDEX fresh; CREATE UNIQUE INDEX pair ON kept (m, n); ALTER TABLE kept ADD CONSTRAINT pair UNIQUE USING INDEX pair DEFERRABLE',
      'none',
    ],
  ],
};

const typed: ManyStories = {
  about: 'types and domains',
  setup: [
    'CREATE TYPE pair AS (a int, b int)',
    "CREATE FUNCTION pairs() RETURNS pair LANGUAGE sql AS 'SELECT 1, 2'",
    'CREATE TYPE unused AS (a int, b int)',
    'CREATE DOMAIN level AS int DEFAULT 1',
    'CREATE TABLE jobs (n int, level level NOT NULL)',
    'INSERT INTO jobs VALUES (1)',
    'CREATE TABLE lists (words text[])',
    "INSERT INTO lists VALUES (ARRAY['a'])",
    'CREATE DOMAIN free AS int DEFAULT 1',
    'CREATE TABLE plays (n int, free free)',
    'INSERT INTO plays VALUES (1)',
    'GRANT ALL ON ALL TABLES IN SCHEMA public TO app',
  ],
  uses: [
    "SELECT count(*) FROM lists WHERE words = ARRAY['v' || 5]",
    'SELECT a FROM pairs()',
    'INSERT INTO jobs (n) VALUES (2)',
    'INSERT INTO plays (n) VALUES (2)',
  ],
  told: [
    ['ALTER TYPE pair DROP ATTRIBUTE b', 'breaks', 'database'],
    ['ALTER TYPE unused DROP ATTRIBUTE b', 'none'],
    ['ALTER TABLE lists ALTER COLUMN words TYPE varchar[]', 'breaks'],
    ['ALTER DOMAIN level DROP DEFAULT', 'breaks'],
    ['ALTER DOMAIN level SET DEFAULT 5', 'none'],
    ['ALTER DOMAIN free DROP DEFAULT', 'none'],
  ],
};

export const WORLDS: readonly ManyStories[] = [rights, published, typed, ...UNFIT];
