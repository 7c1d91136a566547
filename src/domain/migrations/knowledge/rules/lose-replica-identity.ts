import type { AlterTableCmd } from 'libpg-query';
import { losesIdentity } from '../publications';
import { only, rule } from '../rule';

export const loseReplicaIdentity = rule<AlterTableCmd>({
  id: 'lose-replica-identity',
  on: ['AT_ReplicaIdentity', 'AT_DropConstraint'],
  condition:
    'REPLICA IDENTITY NOTHING of a published table, or one whose columns the publication leaves out; DROP CONSTRAINT of its primary key',
  matches: losesIdentity,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `leaving ${relation}, which is published, without what tells its rows apart`,
  because: () => 'its UPDATE and DELETE are refused at once',
  remedy: () => [
    'First take the table out of its publication, or publish all columns of its replica identity.',
  ],
  unsafe: { sql: 'ALTER TABLE letters REPLICA IDENTITY NOTHING' },
  safe: { sql: 'ALTER TABLE letters REPLICA IDENTITY FULL' },
});
