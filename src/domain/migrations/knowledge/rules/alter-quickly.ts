import type { AlterTableCmd } from 'libpg-query';
import { inheritsPartitioned } from '../inheritance';
import { numbersWritten } from '../keys';
import { givesOutAgain } from '../numbers';
import { losesRightsOfOwner } from '../owners';
import { inherited } from '../partitions';
import { losesIdentity } from '../publications';
import { on, only, own, rule } from '../rule';
import { shutsOwnerOut } from './force-row-security';
import { isOfNoType } from './not-of-untyped';

export const alterQuickly = rule<AlterTableCmd>({
  id: 'alter-quickly',
  on: [
    'AT_ChangeOwner',
    'AT_SetStorage',
    'AT_SetCompression',
    'AT_ReplicaIdentity',
    'AT_DropOf',
    'AT_DropOids',
    'AT_AddInherit',
    'AT_DisableRowSecurity',
    'AT_ForceRowSecurity',
    'AT_NoForceRowSecurity',
    'AT_AddIdentity',
    'AT_SetIdentity',
    'AT_DropExpression',
    'AT_EnableRule',
    'AT_DisableRule',
  ],
  condition: 'owner, storage, replica identity and the like',
  matches: (s) =>
    !(s.form === 'AT_ChangeOwner' && losesRightsOfOwner(s)) &&
    !isOfNoType(s) &&
    !(s.form === 'AT_SetIdentity' && givesOutAgain(s)) &&
    !losesIdentity(s) &&
    !shutsOwnerOut(s) &&
    !numbersWritten(s) &&
    !inheritsPartitioned(s),
  effect: {
    locks: (s) => [
      ...(s.form === 'AT_ReplicaIdentity' ? only : own)('ACCESS EXCLUSIVE')(s),
      ...on('SHARE UPDATE EXCLUSIVE', inherited(s)),
    ],
    breaks: 'conditional',
  },
  says: ({ relation }) => `changing a setting of ${relation}`,
  because: () => 'its rights or the replication may change',
  safe: { sql: 'ALTER TABLE items REPLICA IDENTITY FULL' },
});
