import {
  aheadOf,
  guard,
  guardingPoll,
  inTheWay,
  patientRuns,
  waitedFor,
  watchedText,
} from '../../../src/domain/database/migration-task';
import type { Migration } from '../../../src/domain/migrations/types';

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

const migration = (up: string, down: string | null = null, phase?: 'contract'): Migration => ({
  id: up,
  file: '1.sql',
  up,
  down,
  checksum: '',
  transactional: false,
  firstLine: 1,
  ...(phase && { phase }),
});

test.each<[string, Migration[], string[]]>([
  ['no statement', [migration('ALTER TABLE a ADD COLUMN b int')], []],
  ['an index', [migration('CREATE UNIQUE INDEX\n CONCURRENTLY a_b ON a (b)', 'DROP INDEX a_b')], ['migrate']],
  ['REINDEX', [migration('REINDEX (VERBOSE) TABLE CONCURRENTLY a')], ['migrate']],
  ['a partition', [migration('ALTER TABLE a DETACH PARTITION b CONCURRENTLY')], ['migrate']],
  ['the contract part', [migration('DROP INDEX CONCURRENTLY a_b', null, 'contract')], ['contract']],
  ['the way back', [migration('CREATE INDEX a_b ON a (b)', 'drop index concurrently a_b')], ['revert']],
])('of %s the runs are told whose statements wait by design', (_, pending, runs) => {
  expect(patientRuns(pending)).toEqual(runs);
});

it('gives statements five seconds for a lock, and no limit to those that wait by design', () => {
  const options = (patient: boolean) =>
    guard('greenlight-7', patient).find(({ name }) => name === 'PGOPTIONS')!.value;
  expect(options(false)).toMatch(/lock_timeout=5s .*client_connection_check_interval/);
  expect(options(true)).not.toContain('lock_timeout');
  expect(options(true)).toContain('client_connection_check_interval');
});

it('says when the guard does not reach the migration, and what was cancelled instead', () => {
  expect(watchedText([{ named: true }, { named: false }], [])).toBe('');
  expect(watchedText([], [])).toBe('');
  const cancelled = [{ name: 'JDBC', seconds: 6, table: 'orders' }];
  expect(watchedText([{ named: false }], cancelled)).toMatch(
    /lock_timeout in PGOPTIONS does not reach it either.*JDBC, which waited for orders for 6 s$/,
  );
});

it('looks at such a migration every five seconds at first, and a few hundred times in a day', () => {
  expect([guardingPoll(2, 2), guardingPoll(60, 60), guardingPoll(3600, 360)]).toEqual([2, 5, 60]);
  let looks = 0;
  for (let elapsed = 1; elapsed < 86_400; looks++) elapsed += guardingPoll(elapsed, elapsed);
  expect(looks).toBeLessThan(1_500);
});

it('names what is open before migrations run, and what it is at', () => {
  expect(aheadOf([])).toEqual([]);
  expect(
    aheadOf([
      { name: 'pg_dump', seconds: 900, tables: [], doing: 'a dump' },
      { name: 'shop v1', seconds: 61, tables: [], doing: 'idle in transaction' },
    ]),
  ).toEqual([
    expect.stringMatching(/: pg_dump for 900 s \(a dump\), shop v1 for 61 s \(idle in transaction\)$/),
  ]);
});

it('names transactions that CONCURRENTLY waits for before it runs', () => {
  expect(waitedFor([])).toEqual([]);
  expect(waitedFor([{ name: "prepared transaction 'p'", seconds: 90, tables: [] }])[0]).toMatch(
    /prepared transaction 'p' for 90 s; end them first, a prepared one by/,
  );
});
