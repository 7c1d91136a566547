import type { AlterTableCmd } from 'libpg-query';
import { isKeyOnIndex, makesNotNull } from '../keys';
import { rule, whole } from '../rule';
import { sqlName } from '../wording';

export const addPrimaryKeyOnNullable = rule<AlterTableCmd>({
  id: 'add-primary-key-on-nullable',
  on: ['AT_AddConstraint'],
  condition: 'ADD PRIMARY KEY USING INDEX on a column that may be NULL',
  matches: (s) => isKeyOnIndex(s.node) && makesNotNull(s),
  effect: { locks: whole('ACCESS EXCLUSIVE'), scan: true, breaks: 'conditional' },
  says: ({ relation }) => `reading ${relation} for NULLs in its new primary key`,
  because: () => 'writes of NULL fail',
  remedy: ({ relation }) =>
    `make the columns NOT NULL first, by a validated CHECK: ALTER TABLE ${sqlName(relation)} ADD CHECK (… IS NOT NULL) NOT VALID, VALIDATE, SET NOT NULL`,
  unsafe: { sql: 'ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY USING INDEX logs_nullable_idx' },
  safe: { sql: 'ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY USING INDEX logs_id_idx' },
});
