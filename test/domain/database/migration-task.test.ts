import { inTheWay } from '../../../src/domain/database/migration-task';

it('names whose transactions a failed migration may have waited for, with their tables and for how long', () => {
  expect(inTheWay([])).toBe('');
  expect(
    inTheWay([
      { name: 'pg_dump', seconds: 312, tables: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      { name: 'shop v1', seconds: 7, tables: ['orders'] },
    ]),
  ).toBe(
    '; it may have waited for transactions that hold locks: pg_dump for 312 s (a, b, c, d, e and 2 more), shop v1 for 7 s (orders); end them or wait for their end, then deploy again',
  );
});
