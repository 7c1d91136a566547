import {
  type ContractFacts,
  judgeContract,
  leftForLater,
  type Remains,
  remains,
} from '../../../src/domain/database/contract-phase';
import { allOn, share } from '../../../src/domain/traffic/weights';

const gone: Remains = {
  rule: { weights: allOn('b') },
  wanted: allOn('b'),
  service: 'shop-a',
  fleet: { desired: 0, running: 0 },
  requests: 0,
  soakSeconds: 120,
  workers: [],
  sessions: { sessions: {}, works: true, strangers: [] },
};

it('takes a version for gone that has no weight, no task, no request and no session', () =>
  expect(remains(gone)).toBeUndefined());

it.each<[string, Partial<Remains>, RegExp]>([
  ['weight', { rule: { weights: share('b', 99) } }, /weights are a 1 \/ b 99 instead of a 0 \/ b 100/],
  ['a rule that nobody can read', { rule: { strange: 'the rule is gone' } }, /^the rule is gone$/],
  ['a task that stops', { fleet: { desired: 0, running: 1 } }, /^shop-a runs 1 of 0 tasks$/],
  ['a task that is wanted', { fleet: { desired: 2, running: 0 } }, /^shop-a runs 0 of 2 tasks$/],
  ['requests', { requests: 3 }, /still received 3 requests in the last 120 s/],
  ['workers', { workers: ['t1 of worker:1 still runs'] }, /^t1 of worker:1 still runs$/],
  [
    'sessions',
    { sessions: { sessions: { worker: 2, psql: 1 }, works: true, strangers: [] } },
    /are open: 2 of worker, 1 of psql$/,
  ],
  [
    'roles of which nobody knows whose they are',
    { sessions: { sessions: {}, works: false, strangers: ['app_rw', 'reporting'] } },
    /^the application has no database session under its role, and app_rw, reporting have: name those of the application in database\.roles/,
  ],
  [
    'a reader that cannot be looked at',
    { sessions: { unreachable: 'reader shop-2: ETIMEDOUT' } },
    /nobody knows who still uses it \(reader shop-2: ETIMEDOUT\)$/,
  ],
])('finds it in %s', (_, difference, problem) =>
  expect(remains({ ...gone, ...difference })).toMatch(problem),
);

it.each([
  ['other roles work beside it', { works: true, strangers: ['reporting'] }],
  ['nobody works at all', { works: false, strangers: [] }],
])('takes it for gone while %s', (_, seen) =>
  expect(remains({ ...gone, sessions: { sessions: {}, ...seen } })).toBeUndefined(),
);

const facts: ContractFacts = {
  wanted: ['3', '4'],
  ended: { ok: true, cause: 'exit code 0' },
  before: { fingerprint: 'f0', applied: ['1', '2'] },
  now: { fingerprint: 'f1', applied: ['1', '2', '3', '4'], backends: 0, damage: [] },
  served: '0 of 100 requests failed since they ended',
  alone: 'serves all traffic',
  verdict: 'healthy',
  watched: true,
  late: false,
};
const now = (difference: Partial<ContractFacts['now']>) => ({ now: { ...facts.now, ...difference } });

it.each<[string, Partial<ContractFacts>, string, RegExp]>([
  ['all applied, and users are well', {}, 'done', /^$/],
  ['a quiet service that was watched for long', { verdict: 'undecided' }, 'done', /^$/],
  ['users not watched for long enough', { watched: false }, 'waiting', /0 of 100 requests failed/],
  ['a server that still works', now({ backends: 1 }), 'waiting', /1 backend\(s\)/],
  ['a server that works for too long', { ...now({ backends: 1 }), late: true }, 'stuck', /do not end/],
  [
    'a run that left nothing',
    { ended: { ok: false, cause: 'exit code 1' }, ...now({ fingerprint: 'f0', applied: ['1', '2'] }) },
    'stuck',
    /failed: exit code 1; applied: none; not applied: 3, 4; the schema is as it was before them/,
  ],
  [
    'half a run',
    { ended: { ok: false, cause: 'exit code 1' }, ...now({ applied: ['1', '2', '3'] }) },
    'stuck',
    /applied: 3; not applied: 4; the schema has changed; the new version serves all traffic/,
  ],
  [
    'a change that nobody recorded',
    { ended: { ok: false, cause: 'exit code 1' }, ...now({ applied: ['1', '2'] }) },
    'stuck',
    /the schema has changed although the history table records none of them/,
  ],
  ['an exit code that lies', now({ applied: ['1', '2', '3'] }), 'stuck', /4 were to be applied/],
  ['a history that lost a row', now({ applied: ['1', '3', '4'] }), 'stuck', /migrations 2 have left/],
  [
    'a tool that records its newest migration alone',
    { ended: { ok: false, cause: 'exit code 1' }, ...now({ applied: ['3'], upTo: ['3'] }) },
    'stuck',
    /^the contract migrations failed: exit code 1; applied: 3; not applied: 4; the schema has changed/,
  ],
  ['damage', now({ damage: ['indexes: i is invalid'] }), 'stuck', /^indexes: i is invalid/],
  [
    'users who suffer',
    { verdict: 'unhealthy', served: '90 of 100 requests failed since they ended' },
    'stuck',
    /is unhealthy on the contracted schema.*90 of 100 requests failed/,
  ],
  [
    'users who suffer, seen early',
    { verdict: 'unhealthy', watched: false },
    'stuck',
    /is unhealthy on the contracted schema/,
  ],
])('judges %s', (_, difference, status, cause) => {
  const verdict = judgeContract({ ...facts, ...difference });
  expect(verdict.status).toBe(status);
  expect(verdict.cause).toMatch(cause);
});

it('tells people of what was not begun, and of nothing else', () => {
  expect(leftForLater(['3'], 'shop-a keeps running')).toMatch(
    /^contract migrations 3 were not begun: shop-a keeps running; they run behind the next deployment/,
  );
  expect(leftForLater([], 'whatever')).toBe('');
  expect(leftForLater(['3'], '')).toBe('');
});
