import { tablesOf } from '../../catalog';
import { noLocks, rule, type Subject } from '../rule';
import { reachesTables } from '../users';

/** What tables hold against a change of their type, or the type against one of theirs. */
function unfit(subject: Subject): string | undefined {
  const { form, table, catalog, relation } = subject;
  if (form.startsWith('AT_') || form === 'RenameStmt:OBJECT_COLUMN')
    return table?.of && `columns of ${relation}, which are those of type ${table.of}`;
  const tables = tablesOf(catalog, relation);
  return tables.length > 0 && !reachesTables(subject)
    ? `${relation} without CASCADE, whose attributes are the columns of ${tables.join(' and ')}`
    : undefined;
}

export const alterTypeOfTablesUnfit = rule({
  id: 'alter-type-of-tables-unfit',
  on: [
    'AlterTableStmt:OBJECT_TYPE',
    'RenameStmt:OBJECT_ATTRIBUTE',
    'RenameStmt:OBJECT_COLUMN',
    'AT_AddColumn',
    'AT_DropColumn',
    'AT_AlterColumnType',
  ],
  condition:
    'ALTER TYPE … ATTRIBUTE without CASCADE of a type that tables are made OF, or a change of the columns of such a table',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `changing ${unfit(s)},`,
  remedy: () => ['Free the table of its type first: ALTER TABLE … NOT OF.'],
  unsafe: { sql: 'ALTER TABLE seats ADD COLUMN price int' },
  safe: { sql: 'ALTER TABLE seats NOT OF' },
});
