import { searched } from '../foreign-actions';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const writeSearchedRows = rule({
  id: 'write-searched-rows',
  on: ['DeleteStmt', 'UpdateStmt'],
  condition:
    'DELETE, or UPDATE of a key, to which a foreign key without an index refers: slow where the transaction keeps others out already',
  matches: (s) => searched(s).length > 0,
  effect: { locks: own('ROW EXCLUSIVE'), reads: searched, slow: true },
  says: (s) => `looking in ${searched(s).join(' and ')} for rows that refer to those of ${s.relation}`,
  remedy: (s) => searched(s).map((child) => `CREATE INDEX CONCURRENTLY ON ${sqlName(child)} (<…>);`),
  safe: {
    sql: "INSERT INTO customers (id, email, age) VALUES (9500, 'x', 3); DELETE FROM customers WHERE id = 9500",
  },
});
