import type { CreateStmt } from 'libpg-query';
import { created } from '../partitions';
import { always, nothing, rule } from '../rule';

export const createTable = rule<CreateStmt>({
  id: 'create-table',
  on: ['CreateStmt', 'CreateTableAsStmt'],
  condition: 'CREATE TABLE',
  matches: always,
  effect: { locks: created },
  says: ({ relation }) => `creating ${relation}`,
  remedy: nothing,
  safe: {
    sql: 'CREATE TABLE notes (id serial PRIMARY KEY, customer_id int REFERENCES customers, body text)',
  },
});
