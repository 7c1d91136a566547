import type { AlterTableStmt } from 'libpg-query';
import { tablesUsing } from '../../catalog';
import { noLocks, rule } from '../rule';

export const alterComposite = rule<AlterTableStmt>({
  id: 'alter-composite',
  on: ['AlterTableStmt:OBJECT_TYPE'],
  condition: 'ALTER TYPE … ATTRIBUTE of a type that no column is known to have',
  matches: ({ catalog, relation }) => tablesUsing(catalog, relation, true).length === 0,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ name }) => `changing the attributes of ${name}`,
  because: () => 'values that it makes or reads have other attributes',
  safe: { sql: 'ALTER TYPE unused_pair ADD ATTRIBUTE more text' },
});
