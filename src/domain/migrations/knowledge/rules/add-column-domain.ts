import type { AlterTableCmd } from 'libpg-query';
import { domainOf, isWrittenDomain } from '../columns';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const addColumnDomain = rule<AlterTableCmd>({
  id: 'add-column-domain',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN of a domain with a constraint or a volatile default',
  matches: isWrittenDomain,
  effect: { locks: own('ACCESS EXCLUSIVE'), rewrite: true, scan: true, breaks: 'conditional' },
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  says: ({ name, relation }) =>
    `writing every row of ${relation} for ${name}, whose domain checks or computes values,`,
  remedy: (s) =>
    `ALTER TABLE ${sqlName(s.relation)} ADD COLUMN ${sqlName(s.name)} ${domainOf(s)?.base.name}; then the domain's rule as a CHECK NOT VALID, and VALIDATE in the next migration`,
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN stock positive' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN stock int' },
});
