import type { SmokeTest } from '../../../src/domain/evidence/smoke-tests';
import {
  batchOf,
  judgeTestRequests,
  type TestBatch,
  testRequestsOf,
  withoutTests,
} from '../../../src/domain/evidence/test-requests';
import { thresholds } from './thresholds';

const tests: SmokeTest[] = [
  { path: '/version', status: 200, maximumMs: 100 },
  { path: '/orders', method: 'POST', body: '{}', status: 400 },
  { path: '/products', method: 'HEAD', status: 200 },
  { lambda: 'arn:aws:lambda:eu-west-1:123456789012:function:check' },
];

it('asks in turns what changes nothing, and leaves the time to the latency', () => {
  expect(testRequestsOf(tests, 3)).toEqual([
    { path: '/version', status: 200, maximumMs: undefined },
    { path: '/products', method: 'HEAD', status: 200, maximumMs: undefined },
    { path: '/version', status: 200, maximumMs: undefined },
  ]);
  expect(testRequestsOf(tests, 0)).toEqual([]);
  expect(testRequestsOf(tests.slice(3), 50)).toEqual([]);
});

const at = new Date(600_000);

it('counts what was answered otherwise than wanted, and what the load balancer counts as failed', () => {
  const answer = (status: number) => ({ status, headers: {}, body: '', ms: 1 });
  const test = { path: '/version', status: 200 };
  const answers = [answer(200), answer(503), answer(404), { none: 'read ECONNRESET' }];
  expect(
    batchOf(
      at,
      answers.map((one) => ({ test, answer: one })),
    ),
  ).toEqual({
    at: at.toISOString(),
    requests: 4,
    failures: 3,
    because: 'smoke test /version gave no answer (read ECONNRESET)',
    errors: 2,
    clientErrors: 1,
  });
});

const counts = (errors: number, requests = 1000) => [{ requests, errors, unanswered: 0, clientErrors: 0 }];
const batch = (failures: number): TestBatch => ({
  at: at.toISOString(),
  requests: 50,
  failures,
  because: 'smoke test / answered 500 instead of 200',
  errors: failures,
  clientErrors: 0,
});
const judge = (failures: number[], blueErrors = 0) =>
  judgeTestRequests(failures.map(batch), counts(blueErrors), { ...thresholds, errorRateIncrease: 0.05 });

it.each<[string, number[], number, 'healthy' | 'undecided' | 'unhealthy']>([
  ['nothing was asked', [], 0, 'healthy'],
  ['nothing failed', [0], 0, 'healthy'],
  ['a few failed, as may happen', [3], 0, 'healthy'],
  ['a quarter failed once', [12], 0, 'undecided'],
  ['a quarter failed twice', [12, 12], 0, 'unhealthy'],
  ['a quarter failed twice, with a good look between', [12, 0, 12], 0, 'undecided'],
  ['everything failed once: a hiccup does that', [50], 0, 'undecided'],
  ['everything failed, and then nothing', [50, 0], 0, 'healthy'],
  ['a quarter fails, as it does on blue', [12, 12], 250, 'healthy'],
])('%s', (_, failures, blueErrors, verdict) => expect(judge(failures, blueErrors).verdict).toBe(verdict));

it('says how many failed, and the newest failure', () =>
  expect(judge([0, 12, 12]).because).toBe(
    '24 of 100 test requests to green failed, the newest: smoke test / answered 500 instead of 200',
  ));

describe('withoutTests', () => {
  /** Minutes that end so many after the epoch; the tests begin at minute ten. */
  const minute = (until: number, requests: number, errors = 0) => ({
    until: until * 60_000,
    requests,
    errors,
    unanswered: 0,
    clientErrors: 0,
    p50: 0.1,
    p99: 0.2,
  });
  const without = (...periods: Parameters<typeof withoutTests>[0]) => withoutTests(periods, [batch(10)], 60);

  it('takes them from the period in which they were asked, and what is more from the next', () => {
    expect(without(minute(10, 700), minute(11, 1000, 30), minute(12, 800))).toEqual([
      minute(10, 700),
      minute(11, 950, 20),
      minute(12, 800),
    ]);
    expect(without(minute(11, 30, 4), minute(12, 1000, 6))).toMatchObject([{ requests: 980, errors: 0 }]);
  });
  it('leaves nothing of a green that nobody else asks, so that silence stays silence', () =>
    expect(without(minute(11, 50, 10))).toEqual([]));
  it('does not take the response times of tests for those of users', () => {
    expect(without(minute(11, 200))).toMatchObject([{ requests: 150, p50: undefined, p99: undefined }]);
    expect(without(minute(11, 500))).toMatchObject([{ requests: 450, p50: 0.1, p99: 0.2 }]);
  });
  it('does not take away what is not published yet', () =>
    expect(without(minute(10, 700))).toEqual([minute(10, 700)]));
});
