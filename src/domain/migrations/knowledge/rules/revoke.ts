import type { GrantStmt } from 'libpg-query';
import { rightsTaken, takesRightsInUse } from '../rights';
import { noLocks, rule } from '../rule';

export const revoke = rule<GrantStmt>({
  id: 'revoke',
  on: ['GrantStmt'],
  condition:
    'REVOKE of rights to data from PUBLIC or a role that is at work; from any role where nobody knows who is at work',
  matches: takesRightsInUse,
  effect: { locks: noLocks, breaks: 'yes' },
  says: (s) => `taking ${rightsTaken(s)}`,
  because: () => 'its statements that need them are refused',
  remedy: (s) => [`Take ${rightsTaken(s)} in a later release, once no version that works with them runs.`],
  unsafe: { sql: 'REVOKE SELECT ON items FROM app' },
  safe: { sql: 'REVOKE TRUNCATE ON items FROM app' },
});
