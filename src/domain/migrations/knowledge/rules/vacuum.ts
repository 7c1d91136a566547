import type { VacuumStmt } from 'libpg-query';
import { options } from '../../syntax';
import { nothing, only, rule } from '../rule';

export const vacuum = rule<VacuumStmt>({
  id: 'vacuum',
  on: ['VacuumStmt'],
  condition: 'VACUUM or ANALYZE',
  matches: ({ node }) => !options(node.options).includes('full'),
  effect: { locks: only('SHARE UPDATE EXCLUSIVE') },
  says: ({ relation }) => `VACUUM or ANALYZE of ${relation}`,
  remedy: nothing,
  safe: { sql: 'ANALYZE logs' },
});
