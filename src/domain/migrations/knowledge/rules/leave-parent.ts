import type { AlterTableCmd } from 'libpg-query';
import { inherited } from '../partitions';
import { on, own, rule } from '../rule';

export const leaveParent = rule<AlterTableCmd>({
  id: 'leave-parent',
  on: ['AT_DropInherit'],
  condition: 'NO INHERIT',
  matches: () => true,
  effect: {
    locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS SHARE', inherited(s))],
    breaks: 'yes',
  },
  says: (s) => `taking ${s.relation} away from ${inherited(s).join(' and ')}`,
  because: (s) => `the rows of ${s.relation} are gone from ${inherited(s).join(' and ')}`,
  remedy: (s) => [`Do it once no version needs the rows of ${s.relation}.`],
  unsafe: { sql: 'ALTER TABLE rooms NO INHERIT places' },
  safe: { sql: 'CREATE TABLE halls () INHERITS (places)' },
});
