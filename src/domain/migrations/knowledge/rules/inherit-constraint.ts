import type { AlterTableCmd } from 'libpg-query';
import { heirsAsked } from '../keys';
import { own, rule } from '../rule';

export const inheritConstraint = rule<AlterTableCmd>({
  id: 'inherit-constraint',
  on: ['AT_AlterConstraint'],
  condition: 'ALTER CONSTRAINT … INHERIT (18) of a table from which others inherit',
  matches: (s) => heirsAsked(s).length > 0,
  effect: {
    locks: (s) => own('ACCESS EXCLUSIVE')({ ...s, alone: undefined }),
    reads: heirsAsked,
    scan: true,
    breaks: 'conditional',
  },
  says: (s) => `reading ${heirsAsked(s).join(' and ')} for NULLs`,
  because: () => 'its writes of NULL fail',
  remedy: (s) => [
    `First add the same rule to ${heirsAsked(s).join(' and ')} NOT VALID, and validate it in the next migration.`,
  ],
  unsafe: {
    sql: 'ALTER TABLE places ADD CONSTRAINT places_known NOT NULL id NO INHERIT; ALTER TABLE places ALTER CONSTRAINT places_known INHERIT',
  },
  safe: { sql: 'ALTER TABLE rooms ADD CONSTRAINT rooms_known NOT NULL id NOT VALID' },
});
