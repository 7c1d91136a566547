import {
  countedTests,
  type HttpAnswer,
  judgeAnswer,
  judgeFunction,
  type RequestTest,
  smokeTestSchema,
  summarise,
} from '../../../src/domain/evidence/smoke-tests';

const answer: HttpAnswer = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"price_cents":100}',
  ms: 12,
};
const path = '/products/1';

it.each<[string, RequestTest, HttpAnswer, string]>([
  ['the status', { path, status: 200 }, answer, 'smoke test /products/1 passed'],
  ['another status', { path, status: 404 }, answer, 'smoke test /products/1 answered 200 instead of 404'],
  [
    'no answer',
    { path, status: 200 },
    { none: 'ECONNREFUSED' },
    'smoke test /products/1 gave no answer (ECONNREFUSED)',
  ],
  [
    'a header',
    { path, status: 200, answerHeaders: { 'Content-Type': 'application/json' } },
    answer,
    'smoke test /products/1 passed',
  ],
  [
    'a missing header',
    { path, status: 200, answerHeaders: { ETag: '1' } },
    answer,
    'smoke test /products/1 answered without ETag: 1',
  ],
  ['a text', { path, status: 200, bodyContains: 'price_cents' }, answer, 'smoke test /products/1 passed'],
  [
    'a missing text and slowness',
    { path, method: 'POST', status: 200, bodyContains: 'stock', maximumMs: 10 },
    answer,
    'smoke test POST /products/1 answered without "stock" and took 12 ms instead of at most 10',
  ],
])('judges an answer by %s', (_title, test, given, because) => {
  expect(judgeAnswer(test, given)).toEqual({
    test: because
      .split(' ')
      .slice(0, test.method ? 4 : 3)
      .join(' '),
    kind: 'smoke',
    status: because.endsWith('passed') ? 'passed' : 'failed',
    because,
  });
});

it.each<[string, Parameters<typeof judgeFunction>[1], string]>([
  ['passes', { answer: { passed: true } }, 'smoke test check passed'],
  ['says why not', { answer: { passed: false, reason: 'no prices' } }, 'smoke test check failed: no prices'],
  [
    'says nothing',
    { answer: null },
    'smoke test check failed: it did not answer {"passed": true} and gave no reason',
  ],
  [
    'says something like true',
    { answer: { passed: 'yes' } },
    'smoke test check failed: it did not answer {"passed": true} and gave no reason',
  ],
  [
    'quotes a row',
    { answer: { passed: false, reason: 'no price of "ann@example.org" in table "products"' } },
    // a value may hold quotes itself, so that all is hidden up to the last of them
    'smoke test check failed: no price of "***"',
  ],
  ['ends in an error', { error: 'TypeError: x' }, 'smoke test check failed: TypeError: x'],
])('takes a function at its word when it %s', (_title, said, because) => {
  expect(judgeFunction({ lambda: 'arn:aws:lambda:eu-west-1:1:function:check' }, said).because).toBe(because);
});

it('passes with all, fails with any, and waits for tasks only while nothing has failed', () => {
  const result = (status: 'passed' | 'failed' | 'running') => ({
    test: status,
    status,
    because: `${status} it is`,
  });
  const [passed, failed, running] = [result('passed'), result('failed'), result('running')];
  expect(summarise([passed, passed])).toEqual({ status: 'passed', cause: '' });
  expect(summarise([])).toEqual({ status: 'passed', cause: '' });
  expect(summarise([passed, running])).toEqual({ status: 'running', cause: 'running it is' });
  expect(summarise([running, failed])).toEqual({ status: 'failed', cause: 'failed it is' });
});

it('still takes tests as they always were, and names what it expects of any other', () => {
  expect(smokeTestSchema.parse({ path: '/version', status: 200 })).toEqual({ path: '/version', status: 200 });
  const refused = smokeTestSchema.safeParse({ url: 'http://x' });
  expect(refused.error?.issues[0]?.message).toBe(
    'expected {path, status, ...}, {lambda}, {task: {taskDefinition, container, command}} or {performance: {paths, maximumP95Ms, maximumP99Ms}}',
  );
});

it('counts tests by kind, and those of before there were kinds as smoke tests', () => {
  expect(countedTests([{}, { kind: 'performance' }, { kind: 'smoke' }, { kind: 'integration' }])).toBe(
    '2 smoke tests, 1 integration test, 1 performance test',
  );
  expect(countedTests([])).toBe('');
});
