import { expectServing, servingNow } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
afterEach(() => world.rest());

const release = { image: 'shop:v2', ...quick };

it('a stop that nobody hears of is found by the schedule', async () => {
  const before = await servingNow(world);
  world.fault({ operation: 'lambda:Invoke', role: 'events', kind: 'before', times: 1 });
  const name = await world.abandon(release, { state: 'StartGreen', when: 'after' });
  expect((await world.endOf(`${name}-recover-1`)).outcome).toBe('RolledBack');
  await expectServing(world, before);
});

it('looking often, at once, and beside a deployment that runs, starts nothing twice', async () => {
  const before = await servingNow(world);
  const execution = await world.start(
    { service: 'shop', reason: 'a test', ...release, bakeSeconds: 600 },
    'runs',
  );
  expect(await world.entered(execution, 'Bake')).toBe(true);
  await Promise.all([1, 2, 3].map(() => world.wake('Reconcile')));
  expect((await world.executions()).filter((name) => name.startsWith('runs-'))).toEqual([]);
  await world.stop(execution);
  await Promise.all([1, 2, 3].map(() => world.wake('Reconcile')));
  expect((await world.endOf('runs-recover-1')).outcome).toBe('RolledBack');
  await Promise.all([1, 2, 3].map(() => world.wake('Reconcile')));
  expect((await world.executions()).filter((name) => name.startsWith('runs-'))).toEqual(['runs-recover-1']);
  await expectServing(world, before);
});

it('a deployment that nothing can recover is left to a person, who is told once', async () => {
  const before = await servingNow(world);
  const target = 'GreenlightRecoverDeployment';
  world.fault({
    operation: 'lambda:Invoke',
    target,
    kind: 'before',
    error: 'InvalidRequestContentException',
  });
  const name = await world.abandon(release, { state: 'StartGreen', when: 'after' });
  while (!(await world.stuck())) await world.wake('Reconcile');
  await Promise.all([1, 2, 3].map(() => world.wake('Reconcile')));
  const told = world.cloud.services.sns
    .recent()
    .filter(({ subject }) => subject === `shop: deployment ${name} needs an operator`);
  expect(told.map(({ message }) => message)).toEqual([
    expect.stringContaining(`greenlight rollback ${name}`),
  ]);
  world.mend();
  for (const attempt of [1, 2, 3]) {
    const recovery = await world.endOf(`${name}-recover-${attempt}`);
    expect(recovery.outcome).toBe('DeploymentRejected');
    expect(recovery.cause).toContain(
      `deployment ${name} could not be resumed: Lambda.InvalidRequestContentException`,
    );
    expect(recovery.cause).toContain(`npx greenlight rollback ${name} --workflow Shop --reason`);
  }
  // the command that it names
  expect((await world.rollBack(name)).outcome).toBe('RolledBack');
  await expectServing(world, before);
});

it('redriving an execution that was stopped, after its recovery, changes nothing and calls nobody', async () => {
  const before = await servingNow(world);
  const name = await world.abandon(release, { state: 'ShiftTraffic', when: 'after' });
  expect((await world.endOf(`${name}-recover-1`)).outcome).toBe('RolledBack');
  const told = world.cloud.services.sns.recent().length;
  const redriven = await world.redrive(world.execution(name));
  expect(redriven.outcome).toBe('DeploymentRejected');
  expect(redriven.cause).toMatch(
    /LockLost: \w+: deployment .* no longer holds the lock of shop under number \d+.*-recover-1 has resumed deployment/,
  );
  expect(world.cloud.services.sns.recent()).toHaveLength(told);
  await expectServing(world, before);
});

it('redriving an execution that ended as it should ends the same way again', async () => {
  const before = await servingNow(world);
  const ended = await world.deploy({ ...release, image: 'shop:v5', deadlines: { greenSeconds: 30 } });
  expect(ended.outcome).toBe('RolledBack');
  expect((await world.redrive(world.execution(ended.name))).outcome).toBe('RolledBack');
  await expectServing(world, before);
});
