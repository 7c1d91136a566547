import type { AlterPublicationStmt, CreatePublicationStmt } from 'libpg-query';
import { leavesUnidentified, unpublishable } from '../publications';
import { only, rule } from '../rule';

export const publish = rule<CreatePublicationStmt | AlterPublicationStmt>({
  id: 'publish',
  on: ['CreatePublicationStmt', 'AlterPublicationStmt'],
  condition: 'a publication of tables that have a key, or only of INSERT',
  matches: (s) => !leavesUnidentified(s) && unpublishable(s) === undefined,
  effect: {
    locks: (s) => (s.relation && s.node.pubobjects ? only('SHARE UPDATE EXCLUSIVE')(s) : []),
    breaks: 'conditional',
  },
  says: ({ relation }) => `publishing ${relation || 'tables'}`,
  because: () => 'its UPDATE and DELETE are refused on a published table that has no key',
  safe: { sql: 'CREATE PUBLICATION items_changes FOR TABLE items' },
});
