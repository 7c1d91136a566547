import type { VacuumStmt } from 'libpg-query';
import { options } from '../../syntax';
import { meant, own, rule, whole } from '../rule';
import { sqlName } from '../wording';

export const vacuumFull = rule<VacuumStmt>({
  id: 'vacuum-full',
  on: ['VacuumStmt'],
  condition: 'VACUUM FULL',
  matches: ({ node }) => options(node.options).includes('full'),
  effect: {
    locks: (s) => (s.catalog.major >= 18 ? own : whole)('ACCESS EXCLUSIVE')(s),
    rewrite: true,
    scan: true,
  },
  says: (s) => `writing ${meant(s)} anew`,
  remedy: ({ relation }) => [
    relation ? `VACUUM ${sqlName(relation)};` : 'VACUUM;',
    'Where the space has to be given back to the disk, use pg_repack.',
  ],
  unsafe: { sql: 'VACUUM FULL logs' },
  safe: { sql: 'VACUUM logs' },
});
