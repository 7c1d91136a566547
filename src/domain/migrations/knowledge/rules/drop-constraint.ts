import type { AlterTableCmd } from 'libpg-query';
import {
  cascaded,
  isDoubledKey,
  isNamedByConflicts,
  isUniqueKey,
  referencedTable,
  referringTo,
} from '../keys';
import { on, own, rule } from '../rule';

export const dropConstraint = rule<AlterTableCmd>({
  id: 'drop-constraint',
  on: ['AT_DropConstraint'],
  condition: 'DROP CONSTRAINT, of one that no old statement can name',
  matches: (s) =>
    !isUniqueKey(s) &&
    !isDoubledKey(s) &&
    !isNamedByConflicts(s) &&
    referencedTable(s) === undefined &&
    (s.node.behavior === 'DROP_CASCADE' || referringTo(s).length === 0),
  effect: { locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', cascaded(s))] },
  says: ({ name, relation }) => `dropping ${name} of ${relation}`,
  safe: { sql: 'ALTER TABLE items DROP CONSTRAINT items_quantity_check' },
});
