import type { AlterDomainStmt } from 'libpg-query';
import { tablesUsing } from '../../catalog';
import { checksRows, nestedIn } from '../columns';
import { on, rule } from '../rule';
import { sqlName } from '../wording';

export const alterDomain = rule<AlterDomainStmt>({
  id: 'alter-domain',
  on: ['AlterDomainStmt'],
  condition: 'ALTER DOMAIN ADD CONSTRAINT, SET NOT NULL or VALIDATE: every table with the domain is read',
  matches: (s) => checksRows(s) && nestedIn(s).length === 0,
  effect: {
    locks: ({ catalog, relation }) => {
      const known = catalog.live || catalog.domains.has(relation);
      // where nobody knows which tables use it, the domain stands for them
      return on('SHARE', known ? tablesUsing(catalog, relation).map(({ name }) => name) : [relation]);
    },
    scan: true,
    breaks: 'conditional',
  },
  says: ({ relation }) => `checking every row with a value of ${relation}`,
  because: () => 'its writes fail where they do not fit the new rule',
  remedy: ({ relation }) => [
    `ALTER DOMAIN ${sqlName(relation)} ADD CONSTRAINT <…> CHECK (<…>) NOT VALID;`,
    'A CHECK of each table, in place of the domain, can be validated while everybody reads and writes.',
  ],
  unsafe: { sql: "ALTER DOMAIN email_address ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%')" },
  safe: { sql: "ALTER DOMAIN email_address ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%') NOT VALID" },
});
