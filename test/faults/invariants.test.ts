import type { Ended } from '../scenarios/world';
import { type Book, type End, untrueEnds, write } from './invariants';
import type { WorldState } from './world-state';

const calm: WorldState = {
  weights: { a: 100, b: 0 },
  serving: ['v1'],
  running: { a: 2, b: 0 },
  applied: ['1'],
  fingerprint: 'f',
  lockHolder: undefined,
  migrationTasks: 0,
  trials: [],
  lost: 0,
  secret: 's',
};
const released: WorldState = { ...calm, weights: { a: 0, b: 100 }, serving: ['v2'], running: { a: 0, b: 2 } };
const book: Book = { serving: 'v1', before: new Map(), warm: false, moved: false };

function end(outcome: string, more: Partial<End> = {}, cause = ''): End {
  const events = [{ type: outcome === 'Stopped' ? 'ExecutionAborted' : 'ExecutionFailed' }];
  return {
    arn: 'arn',
    name: 'd',
    deployment: 'd',
    version: 'v2',
    running: false,
    stoppedAt: 1,
    path: ['AcquireLock', 'InspectLive', 'StartGreen', outcome],
    ended: { outcome, cause, output: null, path: [], events, name: 'd' } as unknown as Ended,
    ...more,
  };
}
const recovered = (outcome: string) => end(outcome, { name: 'd-recover-1', stoppedAt: 2 });

function asked(now: WorldState, over: End[], { stuck = false, from = book } = {}): string[] {
  return untrueEnds(
    calm,
    now,
    write(from, over, () => false),
    over,
    stuck,
  );
}

it.each<[string, WorldState, End[]]>([
  ['a release that serves', released, [end('DeploymentSucceeded')]],
  [
    'a release of what serves',
    { ...released, serving: ['v1'] },
    [end('DeploymentSucceeded', { version: '' })],
  ],
  ['a rollback', calm, [end('RolledBack')]],
  ['a rejection', calm, [end('DeploymentRejected')]],
  ['a stopped release whose recovery goes back', calm, [end('Stopped'), recovered('RolledBack')]],
  ['a release that is taken back', calm, [end('DeploymentSucceeded'), recovered('RolledBack')]],
  ['a stop before the lock', calm, [end('Stopped', { path: ['ValidateRequest'] })]],
])('%s is true of what stands', (_, now, over) => {
  expect(asked(now, over)).toEqual([]);
});

it.each<[string, WorldState, End[], RegExp]>([
  ['serves another version', calm, [end('DeploymentSucceeded')], /v1 serves where v2 was said to/],
  ['splits its traffic', { ...released, weights: { a: 1, b: 99 } }, [end('DeploymentSucceeded')], /is split/],
  ['leaves green running', { ...calm, running: { a: 2, b: 2 } }, [end('RolledBack')], /slot b runs 2 tasks/],
  ['keeps the lock', { ...calm, lockHolder: 'd' }, [end('RolledBack')], /d holds the lock and calls nobody/],
  [
    'changes the schema and says it was rejected',
    { ...calm, fingerprint: 'g' },
    [end('DeploymentRejected')],
    /fingerprint went/,
  ],
  ['loses requests', { ...calm, lost: 2 }, [end('RolledBack')], /2 requests were lost/],
  ['leaves a trial running', { ...calm, trials: ['task/7'] }, [end('RolledBack')], /task\/7 was left behind/],
  ['leaves a migration running', { ...calm, migrationTasks: 1 }, [end('RolledBack')], /1 migration tasks/],
  ['leaves the maintenance page', { ...calm, serving: ['503'] }, [end('RolledBack')], /users get 503/],
  ['is stopped and never recovered', calm, [end('Stopped')], /d came to no end/],
  ['fails in the middle', calm, [end('StartGreen')], /d ended in StartGreen/],
  ['still runs', calm, [end('RolledBack', { running: true })], /d runs/],
  [
    'calls an operator and frees the lock',
    calm,
    [end('NeedsOperator', {}, 'aws x')],
    /nobody holds the lock/,
  ],
])('a deployment that %s is found out', (_, now, over, problem) => {
  expect(asked(now, over).join('; ')).toMatch(problem);
});

it('an operator who is called finds the lock kept and a command', () => {
  const now = { ...calm, lockHolder: 'd' };
  expect(asked(now, [end('NeedsOperator', {}, 'look: aws elbv2')], { stuck: true })).toEqual([]);
  expect(asked(now, [end('NeedsOperator', {}, 'oh no')], { stuck: true }).join()).toMatch(/names no command/);
});

it('weights that somebody moved are nobody else’s to set', () => {
  const from = { ...book, moved: true };
  const meddled = { ...calm, weights: { a: 60, b: 40 }, running: { a: 2, b: 2 }, lockHolder: 'd' };
  const over = [end('NeedsOperator', {}, 'aws x')];
  expect(asked(meddled, over, { from, stuck: true })).toEqual([]);
  expect(asked({ ...meddled, weights: { a: 100, b: 0 } }, over, { from, stuck: true }).join()).toMatch(
    /somebody set the weights/,
  );
});
