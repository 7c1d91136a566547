import type { AlterTableStmt } from 'libpg-query';
import { changesStoredValues } from '../columns';
import { noLocks, rule } from '../rule';
import { usersOfComposite } from '../users';
import { sqlName } from '../wording';

export const alterCompositeUsed = rule<AlterTableStmt>({
  id: 'alter-composite-used',
  on: ['AlterTableStmt:OBJECT_TYPE'],
  condition: 'ALTER TYPE … ATTRIBUTE of a type that columns or functions have',
  matches: (s) => usersOfComposite(s).length > 0,
  effect: { locks: noLocks, breaks: 'yes' },
  says: (s) => `changing the attributes of ${s.name}, which ${usersOfComposite(s).join(', ')} has,`,
  because: (s) =>
    `values that it makes or reads have other attributes${changesStoredValues(s.node) ? ', and PostgreSQL itself refuses another type of an attribute' : ''}`,
  remedy: ({ relation }) => [
    `CREATE TYPE ${sqlName(`${relation}_new`)} AS (<…> <…>);`,
    'Add a column of the new type, and move to it as to a renamed column.',
  ],
  unsafe: { sql: 'ALTER TYPE place DROP ATTRIBUTE zip' },
  safe: { sql: 'CREATE TYPE place_with_town AS (street text, zip text, town text)' },
});
