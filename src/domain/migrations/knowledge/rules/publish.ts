import type { AlterPublicationStmt, CreatePublicationStmt } from 'libpg-query';
import { publishesChanges, unidentified } from '../publications';
import { only, rule } from '../rule';

export const publish = rule<CreatePublicationStmt | AlterPublicationStmt>({
  id: 'publish',
  on: ['CreatePublicationStmt', 'AlterPublicationStmt'],
  condition: 'a publication of tables that have a key, or only of INSERT',
  matches: (s) => s.relation === '' || !publishesChanges(s) || unidentified(s).length === 0,
  effect: {
    locks: (s) => (s.relation && s.node.pubobjects ? only('SHARE UPDATE EXCLUSIVE')(s) : []),
    breaks: 'conditional',
  },
  says: ({ relation }) => `publishing ${relation || 'tables'}`,
  because: () => 'its UPDATE and DELETE are refused on a published table that has no key',
  safe: { sql: 'CREATE PUBLICATION items_changes FOR TABLE items' },
});
