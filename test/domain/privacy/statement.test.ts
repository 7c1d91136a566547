import { statementShown } from '../../../src/domain/privacy/statement';

it.each([
  ['SELECT * FROM orders\n  WHERE id = $1', 'SELECT * FROM orders WHERE id = $1'],
  [`SELECT "it's; -- 7" FROM "t""1"`, `SELECT "it's; -- 7" FROM "t""1"`],
  ["/* user=ann@example.com */ SELECT 1 -- ann's", 'SELECT ***'],
  [
    "SELECT 'ann''s', E'an\\'n', $x$ann$x$, $$ann$$, 42, 4.2e7, 0xFF, t1.c2",
    'SELECT ***, ***, ***, ***, ***, ***, ***, t1.c2',
  ],
  ["ALTER ROLE app PASSWORD 'secret'", 'ALTER …'],
  ['CALL pay(4711)', 'CALL …'],
  ["SELECT 'cut in the middle", 'SELECT ***'],
  ['SELECT $$cut in the middle', 'SELECT ***'],
  ['', ' …'],
])('shows of %j what it does, and no value', (sql, shown) => {
  expect(statementShown(sql)).toBe(shown);
});

it('shows the beginning of a long one', () => {
  expect(statementShown(`SELECT ${'a, '.repeat(500)}b`)).toHaveLength(162);
});
