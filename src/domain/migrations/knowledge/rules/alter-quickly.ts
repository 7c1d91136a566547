import type { AlterTableCmd } from 'libpg-query';
import { inherited } from '../partitions';
import { always, nothing, on, only, own, rule } from '../rule';

export const alterQuickly = rule<AlterTableCmd>({
  id: 'alter-quickly',
  on: [
    'AT_ChangeOwner',
    'AT_SetStorage',
    'AT_SetCompression',
    'AT_ReplicaIdentity',
    'AT_DropOids',
    'AT_AddInherit',
    'AT_DropInherit',
    'AT_DisableRowSecurity',
    'AT_ForceRowSecurity',
    'AT_NoForceRowSecurity',
    'AT_AddIdentity',
    'AT_SetIdentity',
    'AT_DropIdentity',
    'AT_DropExpression',
    'AT_AlterConstraint',
    'AT_EnableRule',
    'AT_DisableRule',
  ],
  condition: 'owner, storage, replica identity and the like',
  matches: always,
  effect: {
    locks: (s) => [
      ...(s.form === 'AT_ReplicaIdentity' ? only : own)('ACCESS EXCLUSIVE')(s),
      ...on('SHARE UPDATE EXCLUSIVE', inherited(s)),
    ],
    breaks: 'conditional',
  },
  says: ({ relation }) => `a setting of ${relation}`,
  because: () => 'rights or replication may change under it',
  remedy: nothing,
  safe: { sql: 'ALTER TABLE items REPLICA IDENTITY FULL' },
});
