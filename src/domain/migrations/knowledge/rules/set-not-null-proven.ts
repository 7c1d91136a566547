import type { AlterTableCmd } from 'libpg-query';
import { provesNotNull } from '../../not-null';
import { isNotNull } from '../keys';
import { own, rule } from '../rule';

export const setNotNullProven = rule<AlterTableCmd>({
  id: 'set-not-null-proven',
  on: ['AT_SetNotNull'],
  condition:
    'SET NOT NULL on a column that a validated CHECK proves which the same statement does not drop, or that is so already',
  matches: ({ table, name }) => isNotNull(table, name) || (table !== undefined && provesNotNull(table, name)),
  effect: { locks: own('ACCESS EXCLUSIVE') },
  says: ({ name, relation }) => `setting NOT NULL on ${name} of ${relation}, which a CHECK proves,`,
  safe: { sql: 'ALTER TABLE customers ALTER COLUMN age SET NOT NULL' },
});
