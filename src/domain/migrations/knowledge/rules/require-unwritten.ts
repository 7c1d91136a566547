import type { AlterTableCmd } from 'libpg-query';
import { own, rule, type Subject } from '../rule';
import { requiredUnwritten } from '../unwritten';
import { setsDefault } from '../wording';

const columns = (s: Subject<AlterTableCmd>) => requiredUnwritten(s).join(' or ');

export const requireUnwritten = rule<AlterTableCmd>({
  id: 'require-unwritten',
  on: ['AT_SetNotNull', 'AT_AddConstraint'],
  condition:
    'SET NOT NULL, or a CHECK of IS NOT NULL, on a column without default that the live version never writes: the same release added it, or no row has a value; and no trigger sees rows before they are inserted',
  matches: (s) => requiredUnwritten(s).length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: (s) => `requiring ${columns(s)} of ${s.relation}`,
  because: (s) => `it does not write ${columns(s)}, so its inserts fail`,
  remedy: (s) => [
    'Set a default first.',
    ...requiredUnwritten(s).map((column) => setsDefault(s.relation, column)),
    'Or require it in a later release, once the live version writes it.',
  ],
  unsafe: {
    sql: 'ALTER TABLE items ADD COLUMN note text; UPDATE items SET note = label; ALTER TABLE items ALTER COLUMN note SET NOT NULL',
  },
  safe: { sql: "ALTER TABLE items ADD COLUMN note text NOT NULL DEFAULT ''" },
});
