import type { IndexStmt } from 'libpg-query';
import { own, rule } from '../rule';
import { OUTSIDE, oneLine, sqlName } from '../wording';

export const createIndexOverInvalid = rule<IndexStmt>({
  id: 'create-index-over-invalid',
  on: ['Invalid'],
  condition: 'CREATE INDEX IF NOT EXISTS of a name that a failed concurrent build has left behind',
  matches: () => true,
  effect: {
    locks: (s) => own(s.node.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE')(s),
    inVain: true,
  },
  says: ({ name, relation }) => `building index ${name} of ${relation}, which is there and invalid,`,
  remedy: ({ name, statement }) => [
    `DROP INDEX CONCURRENTLY ${sqlName(name)};`,
    `${oneLine(statement)};`,
    OUTSIDE,
  ],
  unsafe: { sql: 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS logs_broken_idx ON logs (id, body)' },
  safe: { sql: 'DROP INDEX CONCURRENTLY logs_broken_idx' },
});
