import { greenlight } from './greenlight';
import { expectServing } from './serving';
import { sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

/** Starts a release to all users at once that only they find sick, under limits that make its age count. */
const release = (name: string, rollback: object) =>
  world.start(
    { service: 'shop', image: 'shop:v3', reason: 'a test', ...sick, strategy: 'ALL_AT_ONCE', rollback },
    name,
  );

const confirmation = async (name: string) =>
  (await world.journal(name)).find(({ step }) => step === 'RecordConfirmation')?.result;

const asBefore = { version: 'v1', slot: 'a' } as const;

it('nobody is asked while the release is young: the rollback is automatic', async () => {
  const ended = await world.ended(await release('young', {}));
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.path).not.toContain('ConfirmRollback');
  await expectServing(world, asBefore);
});

it('a release of some age goes back first, and people only confirm; when they do not answer it is completed', async () => {
  const execution = await release('middle', { automaticSeconds: 0, timeoutSeconds: 200 });
  const asked = await world.asked(execution);
  expect(asked?.subject).toBe('shop: complete the rollback of shop:v3?');
  expect(asked?.text).toContain('all traffic is back on the previous version already');
  expect(asked?.text).toMatch(
    /shop:v3 was convicted: at 100 % on green after \d+ s: green \d+ of \d+ requests failed/,
  );
  expect(await world.weights()).toEqual({ a: 100, b: 0 });
  expect(await world.running()).toEqual({ a: 2, b: 2 });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.path.indexOf('ReturnTraffic')).toBeLessThan(ended.path.indexOf('ConfirmRollback'));
  expect(await confirmation('middle')).toMatchObject({ approved: true, by: 'time-out' });
  await expectServing(world, asBefore);
});

it('an old release keeps its traffic until people say that it goes back', async () => {
  const execution = await release('old', { automaticSeconds: 0, confirmSeconds: 0 });
  const asked = await world.asked(execution);
  expect(asked?.subject).toBe('shop: roll shop:v3 back, or fix forward?');
  expect(asked?.text).toContain('yes goes back: users lose what only shop:v3 gave them since');
  expect(await world.weights()).toEqual({ a: 0, b: 100 });
  await greenlight(world, 'approve', 'old', '--reason', 'too many errors', '--by', 'bob');
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.path.indexOf('ConfirmRollback')).toBeLessThan(ended.path.indexOf('ReturnTraffic'));
  expect(await confirmation('old')).toMatchObject({ approved: true, by: 'bob', reason: 'too many errors' });
  await expectServing(world, asBefore);
});

it('an old release stays where it is when people say so: an operator is called, with both versions running', async () => {
  const execution = await release('kept', { automaticSeconds: 0, confirmSeconds: 0 });
  const asked = await world.asked(execution);
  const body = new URLSearchParams({ answer: 'reject', by: 'bob', reason: 'we fix forward' });
  expect((await fetch(asked?.link ?? '', { method: 'POST', body })).status).toBe(200);
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toContain(
    'rollback failed: the rollback was rejected by bob: we fix forward; both versions keep running',
  );
  expect(ended.path).not.toContain('ReturnTraffic');
  expect(await world.weights()).toEqual({ a: 0, b: 100 });
  expect(await world.running()).toEqual({ a: 2, b: 2 });
  expect(await world.lockHolder()).toBe('kept');
  expect(world.load.lost()).toBe(0);

  expect(ended.cause).toContain('to roll back after all: npx greenlight rollback kept --workflow Shop');
  expect((await greenlight(world, 'rollback', 'kept', '--reason', 'too many errors')).code).toBe(0);
  await expectServing(world, asBefore);
});
