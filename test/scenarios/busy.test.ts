import { expectServing, otherThan } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
afterEach(() => world.rest());

const request = { service: 'shop', reason: 'a test', ...quick };

/** A deployment that stays where it is until somebody ends it. */
async function held(state: string, more: Record<string, unknown>): Promise<string> {
  const execution = await world.start({ ...request, ...more });
  expect(await world.entered(execution, state)).toBe(true);
  return execution;
}

/** The slot that serves: the tests before decide which. */
const live = async (): Promise<'a' | 'b'> => ((await world.weights()).a > 0 ? 'a' : 'b');

it('waits for another deployment to end, and then goes its way', async () => {
  const before = await live();
  const first = await held('WaitForTrial', { image: 'shop:v5', deadlines: { greenSeconds: 60 } });
  const second = await world.deploy({ image: 'shop:v2', ...quick, onBusy: 'wait' });
  expect((await world.ended(first)).outcome).toBe('RolledBack');
  expect(second.outcome).toBe('DeploymentSucceeded');
  expect(second.path).toContain('WaitForLock');
  await expectServing(world, { version: 'v2', slot: otherThan(before) });
});

it('waits no longer than its deadline', async () => {
  const before = await live();
  const first = await held('Bake', { image: 'shop:v2', bakeSeconds: 600 });
  const second = await world.deploy({
    image: 'shop:v2',
    ...quick,
    onBusy: 'wait',
    deadlines: { lockSeconds: 5 },
  });
  expect(second.outcome).toBe('DeploymentRejected');
  expect(second.cause).toMatch(/still holds the lock after \d+ s; nothing was changed$/);
  await world.rollBack(first.split(':').at(-1) ?? '');
  await expectServing(world, { version: 'v2', slot: before });
});

it('supersedes a deployment that no user has seen: that one rolls back, the newer one is released', async () => {
  const before = await live();
  const first = await held('WaitForGreen', { image: 'shop:v2', deadlines: { greenSeconds: 300 } });
  const second = await world.deploy({ image: 'shop:v2', ...quick, onBusy: 'supersede' }, 'newer');
  const superseded = await world.ended(first);
  expect(superseded.outcome).toBe('RolledBack');
  expect(superseded.cause).toMatch(
    /^Superseded: \w+: deployment .* gives way to newer, which was asked for later/,
  );
  expect(superseded.path).not.toContain('ObserveGreen');
  expect(second.outcome).toBe('DeploymentSucceeded');
  await expectServing(world, { version: 'v2', slot: otherThan(before) });
});

it('supersedes a deployment that waits for people: their question is withdrawn', async () => {
  const before = await live();
  const first = await held('RequestApproval', { image: 'shop:v3', approval: 'required' });
  const { link } = (await world.asked(first)) ?? { link: '' };
  const second = await world.deploy({ image: 'shop:v2', ...quick, onBusy: 'supersede' }, 'wanted');
  expect(second.outcome).toBe('DeploymentSucceeded');
  const superseded = await world.ended(first);
  expect(superseded.outcome).toBe('DeploymentRejected');
  expect(superseded.cause).toBe(
    'the deployment was rejected by deployment wanted: it was asked for later and supersedes this one; nothing was changed',
  );
  expect(await (await fetch(link)).text()).toContain('rejected by deployment wanted');
  await expectServing(world, { version: 'v2', slot: otherThan(before) });
});

it('does not supersede one that has users on its version', async () => {
  const before = await live();
  const first = await held('Bake', { image: 'shop:v2', bakeSeconds: 30 });
  const second = await world.deploy({ image: 'shop:v2', ...quick, onBusy: 'supersede' });
  expect(second.outcome).toBe('DeploymentRejected');
  expect(second.cause).toMatch(/has users on its version already, so it is not superseded/);
  expect(await world.ended(first)).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
  await expectServing(world, { version: 'v2', slot: otherThan(before) });
});

it('lets the newest of two win that supersede at the same time', async () => {
  const before = await live();
  const first = await held('WaitForGreen', { image: 'shop:v2', deadlines: { greenSeconds: 300 } });
  const both = await Promise.all([
    world.deploy({ image: 'shop:v2', ...quick, onBusy: 'supersede' }),
    world.deploy({ image: 'shop:v2', ...quick, onBusy: 'supersede' }),
  ]);
  expect((await world.ended(first)).outcome).toBe('RolledBack');
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(['DeploymentRejected', 'DeploymentSucceeded']);
  expect(both.find(({ outcome }) => outcome === 'DeploymentRejected')?.cause).toMatch(
    /was asked for later|gives way to/,
  );
  await expectServing(world, { version: 'v2', slot: otherThan(before) });
});
