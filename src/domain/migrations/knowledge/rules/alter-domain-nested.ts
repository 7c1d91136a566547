import type { AlterDomainStmt } from 'libpg-query';
import { checksRows, nestedIn } from '../columns';
import { noLocks, rule } from '../rule';
import { sqlName } from '../wording';

export const alterDomainNested = rule<AlterDomainStmt>({
  id: 'alter-domain-nested',
  on: ['AlterDomainStmt'],
  condition: 'ALTER DOMAIN that checks rows, of a domain that arrays or composite values of a column hold',
  matches: (s) => checksRows(s) && nestedIn(s).length > 0,
  effect: { locks: noLocks, fails: true },
  says: (s) => `checking values of ${s.relation} inside ${nestedIn(s).join(' and ')}`,
  remedy: ({ relation }) => [
    `ALTER DOMAIN ${sqlName(relation)} ADD CONSTRAINT <…> CHECK (<…>) NOT VALID;`,
    'It can never be validated, but a CHECK of each table can.',
  ],
  unsafe: { sql: 'ALTER DOMAIN nested_text ADD CONSTRAINT short CHECK (length(VALUE) < 100)' },
  safe: { sql: 'ALTER DOMAIN nested_text ADD CONSTRAINT short CHECK (length(VALUE) < 100) NOT VALID' },
});
