import type { AlterTableCmd } from 'libpg-query';
import { partitionsOf } from '../../catalog';
import { refusedAlone } from '../partitions';
import { noLocks, rule } from '../rule';
import { oneLine } from '../wording';

export const alterOnlyParent = rule<AlterTableCmd>({
  id: 'alter-only-parent',
  on: [
    'AT_AddColumn',
    'AT_DropColumn',
    'AT_AlterColumnType',
    'AT_SetNotNull',
    'AT_DropNotNull',
    'AT_AddConstraint',
    'AT_DropConstraint',
    'AT_AlterConstraint',
    'AT_SetExpression',
    'AT_DropExpression',
    'RenameStmt:OBJECT_COLUMN',
    'RenameStmt:OBJECT_TABCONSTRAINT',
  ],
  condition: 'ALTER TABLE ONLY of a table with partitions or heirs, which would then differ from it',
  matches: refusedAlone,
  effect: { locks: noLocks, fails: true },
  says: (s) =>
    `changing ${s.relation} without ${partitionsOf(s.catalog, s.relation)
      .map(({ name }) => name)
      .join(' and ')}`,
  remedy: ({ statement }) => ['Leave ONLY out.', `${oneLine(statement).replace(/\bONLY\s+/i, '')};`],
  unsafe: { sql: 'ALTER TABLE ONLY readings ADD COLUMN unit text' },
  safe: { sql: 'ALTER TABLE readings ADD COLUMN unit text' },
});
