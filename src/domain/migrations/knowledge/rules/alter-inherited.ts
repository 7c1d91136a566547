import type { AlterTableCmd, RenameStmt } from 'libpg-query';
import { isInherited } from '../inheritance';
import { noLocks, rule } from '../rule';

export const alterInherited = rule<AlterTableCmd & RenameStmt>({
  id: 'alter-inherited',
  on: [
    'AT_AddColumn',
    'AT_DropColumn',
    'AT_AlterColumnType',
    'AT_DropNotNull',
    'AT_DropConstraint',
    'AT_DropExpression',
    'RenameStmt:OBJECT_COLUMN',
    'RenameStmt:OBJECT_TABCONSTRAINT',
  ],
  condition:
    "ALTER TABLE of a partition or an heir: a new column of a partition, or a column or rule of its parent's",
  matches: isInherited,
  effect: { locks: noLocks, fails: true },
  says: ({ relation, table, name }) =>
    `changing ${name} of ${relation}, which ${[table?.partitionOf, ...(table?.inherits ?? [])].filter(Boolean).join(' and ')} decides about,`,
  remedy: () => ['Change the parent, which changes its partitions and heirs with it.'],
  unsafe: { sql: 'ALTER TABLE readings_2025 ADD COLUMN unit text' },
  safe: { sql: 'ALTER TABLE readings ADD COLUMN unit text' },
});
