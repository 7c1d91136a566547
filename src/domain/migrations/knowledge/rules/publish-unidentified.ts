import type { AlterPublicationStmt, CreatePublicationStmt } from 'libpg-query';
import { publishesChanges, unidentified } from '../publications';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const publishUnidentified = rule<CreatePublicationStmt | AlterPublicationStmt>({
  id: 'publish-unidentified',
  on: ['CreatePublicationStmt', 'AlterPublicationStmt'],
  condition:
    'a publication of UPDATE or DELETE for a table without a primary key or another replica identity',
  matches: (s) => s.relation !== '' && publishesChanges(s) && unidentified(s).length > 0,
  effect: { locks: (s) => (s.node.pubobjects ? only('SHARE UPDATE EXCLUSIVE')(s) : []), breaks: 'yes' },
  says: (s) => `publishing ${unidentified(s).join(' and ')}, which has no key,`,
  because: () => 'its UPDATE and DELETE are refused at once',
  remedy: (s) => [
    ...unidentified(s).map((table) => `ALTER TABLE ${sqlName(table)} REPLICA IDENTITY FULL;`),
    "Do so first, or publish WITH (publish = 'insert').",
  ],
  unsafe: { sql: 'CREATE PUBLICATION logs_changes FOR TABLE logs' },
  safe: { sql: "CREATE PUBLICATION logs_changes FOR TABLE logs WITH (publish = 'insert')" },
});
