import type { VacuumStmt } from 'libpg-query';
import { options } from '../../syntax';
import { only, rule } from '../rule';

export const vacuumFull = rule<VacuumStmt>({
  id: 'vacuum-full',
  on: ['VacuumStmt'],
  condition: 'VACUUM FULL',
  matches: ({ node }) => options(node.options).includes('full'),
  effect: { locks: only('ACCESS EXCLUSIVE'), rewrite: true, scan: true },
  says: ({ relation }) => `writing ${relation} anew`,
  remedy: ({ relation }) => `VACUUM ${relation}; if the space has to be given back: pg_repack`,
  unsafe: { sql: 'VACUUM FULL logs' },
  safe: { sql: 'VACUUM logs' },
});
