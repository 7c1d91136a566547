import type { Query } from '../../../src/domain/validation/upkeep/queries';
import { judgeQueries } from '../../../src/domain/validation/upkeep/slower';

const LIMITS = { fails: 0.5, warns: 0.25, floorMs: 1 };
const query = (calls: number, meanMs: number, deviationMs = 1, id = '1'): Query => ({
  ...{ id, text: 'SELECT', calls, totalMs: calls * meanMs, deviationMs },
});
/** What is counted after so many more calls of another mean time. */
const then = (before: Query, calls: number, meanMs: number, deviationMs = 1): Query => ({
  ...before,
  ...{ calls: before.calls + calls, totalMs: before.totalMs + calls * meanMs, deviationMs },
});
const BEFORE = query(1000, 10);

it.each([
  ['as fast as before', [BEFORE], [then(BEFORE, 500, 10)], 'ok', /^none of 1 statements became slower$/],
  ['24 % slower', [BEFORE], [then(BEFORE, 500, 12.4)], 'ok', /^none/],
  [
    '26 % slower',
    [BEFORE],
    [then(BEFORE, 500, 12.6)],
    'warning',
    /^slower: 1 by 26 %, from 10 ms to 12.6 ms in 500 calls/,
  ],
  ['51 % slower', [BEFORE], [then(BEFORE, 500, 15.1)], 'failed', /^slower: 1 by 51 %/],
  ['faster', [BEFORE], [then(BEFORE, 500, 2)], 'ok', /^none/],
  ['slower in a few calls', [BEFORE], [then(BEFORE, 19, 90)], 'ok', /^none/],
  ['slower by chance', [query(1000, 10, 200)], [then(query(1000, 10), 30, 20, 200)], 'ok', /^none/],
  ['slower by less than is harm', [query(1000, 0.1)], [then(query(1000, 0.1), 500, 1)], 'ok', /^none/],
  [
    'counted anew',
    [BEFORE],
    [query(100, 20)],
    'failed',
    /^slower: 1 by 100 %, from 10 ms to 20 ms in 100 calls/,
  ],
  ['never seen before', [BEFORE], [query(500, 90, 1, '2')], 'ok', /^none of 0 statements/],
])('judges a statement that is %s', (_what, before, now, status, detail) => {
  expect(judgeQueries(before, now, LIMITS)).toEqual({ status, detail: expect.stringMatching(detail) });
});

it('only warns where nothing is to fail', () => {
  expect(judgeQueries([BEFORE], [then(BEFORE, 500, 90)], { ...LIMITS, fails: null }).status).toBe('warning');
});
