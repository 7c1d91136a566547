import { type LockFacts, mayRelease } from '../../../src/domain/lock/release';

const arn = (name: string) => `arn:aws:states:eu-west-1:000000000000:execution:D:${name}`;
const left: LockFacts = {
  service: 'shop',
  cluster: 'c',
  held: { holder: 'd1', execution: arn('d1'), expires: '2026-01-30T10:00:00.000Z', stuck: true },
  executions: [{ execution: arn('d1'), state: 'over' }],
  tasks: [],
  reconciliation: { do: 'nothing', because: 'it waits for a person' },
  stack: 'Shop',
};

it('frees the lock of a deployment that was left to people, of which nothing is at work', () =>
  expect(mayRelease(left)).toEqual({
    yes: true,
    because: 'deployment d1 was left to people, and none of its executions and tasks runs',
  }));

const held = { ...left.held!, stuck: false };
it.each<[string, Partial<LockFacts>, RegExp]>([
  ['it is free', { held: undefined }, /^the lock of shop is free$/],
  [
    'an execution runs, be it a rollback that somebody else has just asked for',
    { executions: [...left.executions, { execution: arn('d1-rollback-1'), state: 'running' }] },
    /^arn:\S+:d1-rollback-1 runs; wait for its end, or: npx greenlight rollback d1 --workflow Shop --reason/,
  ],
  [
    'a task still works on the schema',
    { tasks: ['arn:task/1'] },
    /^arn:task\/1 of deployment d1 still runs; .*aws ecs stop-task --cluster c --task arn:task\/1$/,
  ],
  [
    'the workflow resumes it by itself',
    { held, reconciliation: { do: 'recover', attempt: 1 } },
    /^deployment d1 is over without an end, and is resumed within five minutes/,
  ],
  [
    'it may only be beginning',
    { held, reconciliation: { do: 'nothing', because: 'its lease lasts until 12:00' } },
    /^deployment d1 was not left to people: its lease lasts until 12:00$/,
  ],
  [
    'tasks are scaled between deployments',
    { held: { ...left.held!, holder: 'retirement' } },
    /^tasks are being scaled, which takes seconds; ask again$/,
  ],
])('keeps it where %s', (_, facts, because) =>
  expect(mayRelease({ ...left, ...facts })).toEqual({
    yes: false,
    because: expect.stringMatching(because),
  }),
);
