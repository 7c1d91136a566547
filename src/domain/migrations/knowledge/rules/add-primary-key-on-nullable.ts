import type { AlterTableCmd } from 'libpg-query';
import { isKeyOnIndex, makesNotNull } from '../keys';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const addPrimaryKeyOnNullable = rule<AlterTableCmd>({
  id: 'add-primary-key-on-nullable',
  on: ['AT_AddConstraint'],
  condition: 'ADD PRIMARY KEY USING INDEX on a column that may be NULL',
  matches: (s) => isKeyOnIndex(s.node) && makesNotNull(s),
  effect: { locks: own('ACCESS EXCLUSIVE'), scan: true, breaks: 'conditional' },
  says: ({ relation }) => `reading ${relation} for NULLs in its new primary key`,
  because: () => 'its writes of NULL fail',
  remedy: ({ relation }) => [
    'Make the columns of the key NOT NULL first, behind a validated CHECK.',
    `ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT <…> CHECK (<…> IS NOT NULL) NOT VALID;`,
    'Use it in the next migration.',
    `ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT <…>;`,
    `ALTER TABLE ${sqlName(relation)} ALTER COLUMN <…> SET NOT NULL;`,
  ],
  unsafe: { sql: 'ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY USING INDEX logs_nullable_idx' },
  safe: { sql: 'ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY USING INDEX logs_id_idx' },
});
