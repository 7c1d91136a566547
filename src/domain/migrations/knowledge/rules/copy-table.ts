import type { CreateTableAsStmt, SelectStmt } from 'libpg-query';
import { readByQuery } from '../copies';
import { noLocks, rule } from '../rule';

export const copyTable = rule<CreateTableAsStmt | SelectStmt>({
  id: 'copy-table',
  on: ['CreateTableAsStmt'],
  condition:
    'CREATE TABLE … AS, SELECT … INTO, CREATE MATERIALIZED VIEW: what is read takes as long as it is big',
  matches: () => true,
  effect: { locks: noLocks, reads: readByQuery, slow: true },
  says: (s) =>
    `filling ${s.relation}${readByQuery(s).length > 0 ? ` from ${readByQuery(s).join(' and ')}` : ''}`,
  safe: { sql: 'CREATE TABLE copies AS SELECT id FROM items' },
});
