import type { AlterTableCmd } from 'libpg-query';
import { losesIdentity } from '../publications';
import { only, rule } from '../rule';

export const loseReplicaIdentity = rule<AlterTableCmd>({
  id: 'lose-replica-identity',
  on: ['AT_ReplicaIdentity'],
  condition: 'REPLICA IDENTITY NOTHING of a published table, or one whose columns the publication leaves out',
  matches: losesIdentity,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) =>
    `a replica identity of ${relation}, which is published, that does not tell its rows apart`,
  because: () => 'its UPDATE and DELETE are refused at once',
  remedy: () => 'take the table out of its publication first, or publish all columns of the identity',
  unsafe: { sql: 'ALTER TABLE letters REPLICA IDENTITY NOTHING' },
  safe: { sql: 'ALTER TABLE letters REPLICA IDENTITY FULL' },
});
