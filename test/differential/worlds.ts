import type { View } from './differential';
import type { Story } from './story';

/** Many short stories of one database, which is made once: each is taken back before the next one. */
export interface ManyStories {
  about: string;
  setup: string[];
  uses: string[];
  /** Statements, PostgreSQL's answer, and the view that is asked where not both are. */
  told: [sql: string, harm: Story['harm'], view?: View][];
}

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

export const WORLDS: readonly ManyStories[] = [rights];
