import type { AlterPublicationStmt, CreatePublicationStmt } from 'libpg-query';
import { leavesUnidentified, outsideIdentity, unidentified, unpublishable } from '../publications';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const publishUnidentified = rule<CreatePublicationStmt | AlterPublicationStmt>({
  id: 'publish-unidentified',
  on: ['CreatePublicationStmt', 'AlterPublicationStmt'],
  condition:
    'a publication of UPDATE or DELETE for a table without a primary key or another replica identity, or whose list of columns leaves that out, or whose condition compares another column',
  matches: (s) => leavesUnidentified(s) && unpublishable(s) === undefined,
  effect: { locks: (s) => (s.node.pubobjects ? only('SHARE UPDATE EXCLUSIVE')(s) : []), breaks: 'yes' },
  says: (s) =>
    unidentified(s).length > 0
      ? `publishing ${unidentified(s).join(' and ')}, which has no key,`
      : `publishing ${s.relation} with a list of columns or a condition that does not fit ${outsideIdentity(s).join(', ')}`,
  because: () => 'its UPDATE and DELETE are refused at once',
  remedy: (s) => [
    ...unidentified(s).map((table) => `ALTER TABLE ${sqlName(table)} REPLICA IDENTITY FULL;`),
    ...outsideIdentity(s).map(
      (column) =>
        `Publish all columns of its replica identity, and compare no other column than those: ${column}.`,
    ),
    "Do so first, or publish WITH (publish = 'insert').",
  ],
  unsafe: { sql: 'CREATE PUBLICATION logs_changes FOR TABLE logs' },
  safe: { sql: "CREATE PUBLICATION logs_changes FOR TABLE logs WITH (publish = 'insert')" },
});
