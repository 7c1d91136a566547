import type { AlterTableCmd } from 'libpg-query';
import { made, typeSql } from '../../names';
import { domainOf, isWrittenDomain } from '../columns';
import { bare, own, rule } from '../rule';
import { addsColumn, checksLater } from '../wording';

export const addColumnDomain = rule<AlterTableCmd>({
  id: 'add-column-domain',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN of a domain with a constraint or a volatile default',
  matches: isWrittenDomain,
  effect: { locks: own('ACCESS EXCLUSIVE'), rewrite: true, scan: true, breaks: 'conditional' },
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  says: ({ name, relation }) =>
    `writing every row of ${relation} for ${name}, whose domain checks or computes values,`,
  remedy: (s) => [
    addsColumn(s.relation, s.name, typeSql(domainOf(s)!.base)),
    ...checksLater(s.relation, made(bare(s.relation), s.name, 'check')),
  ],
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN stock positive' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN stock int' },
});
