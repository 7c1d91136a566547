import type { AlterTableCmd } from 'libpg-query';
import { isUniqueKey, referencedTable } from '../keys';
import { nothing, own, rule } from '../rule';

export const dropConstraint = rule<AlterTableCmd>({
  id: 'drop-constraint',
  on: ['AT_DropConstraint'],
  condition: 'DROP CONSTRAINT, of one that no old statement can name',
  matches: (s) => !isUniqueKey(s) && referencedTable(s) === undefined,
  effect: { locks: own('ACCESS EXCLUSIVE') },
  says: ({ name, relation }) => `dropping ${name} of ${relation}`,
  remedy: nothing,
  safe: { sql: 'ALTER TABLE items DROP CONSTRAINT items_quantity_check' },
});
