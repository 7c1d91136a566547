import type { CreateStmt } from 'libpg-query';
import { inheritsPartitioned } from '../inheritance';
import { created, readToCreate } from '../partitions';
import { rule } from '../rule';

export const createTable = rule<CreateStmt>({
  id: 'create-table',
  on: ['CreateStmt'],
  condition: 'CREATE TABLE',
  matches: (s) => readToCreate(s).length === 0 && !inheritsPartitioned(s),
  effect: { locks: created },
  says: ({ relation }) => `creating ${relation}`,
  safe: {
    sql: 'CREATE TABLE notes (id serial PRIMARY KEY, customer_id int REFERENCES customers, body text)',
  },
});
