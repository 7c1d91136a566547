import type { AlterPublicationStmt, CreatePublicationStmt } from 'libpg-query';
import { unpublishable } from '../publications';
import { noLocks, rule } from '../rule';

export const publishUnfit = rule<CreatePublicationStmt | AlterPublicationStmt>({
  id: 'publish-unfit',
  on: ['CreatePublicationStmt', 'AlterPublicationStmt'],
  condition:
    'a publication of a table that it has already or, to be taken out, has not, of an unlogged table or a view, or of a partitioned one with a list of columns or a condition and without publish_via_partition_root',
  matches: (s) => unpublishable(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `publishing ${s.relation}, which ${unpublishable(s)},`,
  remedy: ({ table }) =>
    table?.kind === 'partitioned'
      ? ['Add WITH (publish_via_partition_root = true), or publish all of it.']
      : ['Leave it out of the statement.'],
  unsafe: { sql: 'CREATE PUBLICATION drafts_changes FOR TABLE drafts' },
  safe: { sql: 'CREATE PUBLICATION items_changes FOR TABLE items' },
});
