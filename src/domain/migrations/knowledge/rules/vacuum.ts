import type { VacuumStmt } from 'libpg-query';
import { options } from '../../syntax';
import { meant, own, rule, whole } from '../rule';

export const vacuum = rule<VacuumStmt>({
  id: 'vacuum',
  on: ['VacuumStmt'],
  condition: 'VACUUM or ANALYZE',
  matches: ({ node }) => !options(node.options).includes('full'),
  effect: { locks: (s) => (s.catalog.major >= 18 ? own : whole)('SHARE UPDATE EXCLUSIVE')(s) },
  says: (s) => `running VACUUM or ANALYZE on ${meant(s)}`,
  safe: { sql: 'ANALYZE logs' },
});
