import type { AlterTableCmd } from 'libpg-query';
import { isNamedByConflicts } from '../keys';
import { own, rule } from '../rule';

export const dropExclusion = rule<AlterTableCmd>({
  id: 'drop-exclusion',
  on: ['AT_DropConstraint'],
  condition: 'DROP CONSTRAINT of an exclusion',
  matches: isNamedByConflicts,
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ name, relation }) => `dropping exclusion ${name} of ${relation}`,
  because: ({ name }) =>
    `its ON CONFLICT ON CONSTRAINT ${name} fails, and rows are let in that lay apart before`,
  safe: { sql: 'ALTER TABLE rooms_booked DROP CONSTRAINT rooms_apart' },
});
