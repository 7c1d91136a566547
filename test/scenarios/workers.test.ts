import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from '../../local/template';
import { greenlight } from './greenlight';
import { batches, type Packing, packing, startPacking } from './packing';
import { expectServing, otherThan, servingNow } from './serving';
import { quick, sick } from './stories';
import { alarmOf } from './watcher';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(600_000);

const NOTE = '20260112090000';

let world: World;
let parcels: Packing;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
beforeEach(async () => {
  parcels = await startPacking(world);
});
afterEach(async () => {
  world.mend();
  await world.configure({});
  await parcels.end();
  await world.rest();
});

/** Until then somebody can act while workers move after the shift. */
const movesSlowly = () =>
  world.fault({
    operation: 'ecs:UpdateService',
    kind: 'slow',
    delayMs: 60_000,
    role: 'GreenlightMoveWorkers',
    times: 1,
  });

/** The worker packs with this version, has done so without a problem, and no parcel waits for long. */
async function expectPacking(version: string): Promise<void> {
  await parcels.packs(version);
  await parcels.packs(version);
  expect(await parcels.problems()).toEqual([]);
  expect(await parcels.runs()).toMatchObject({ running: 1, desired: 1 });
}

const movesOf = async (deployment: string) =>
  (await world.journal(deployment))
    .filter(({ step }) => step === 'MoveWorkers')
    .map(({ result }) => result as { status: string; moves: string; cause: string });

describe('a worker that moves after the shift', () => {
  it('works as the previous version until all users are on green, and then as the new one', async () => {
    await world.configure({ workers: [packing(world)] });
    const { slot } = await servingNow(world);
    movesSlowly();
    const execution = await world.start({ service: 'shop', reason: 'a test', image: 'shop:v2', ...quick });
    expect(await world.entered(execution, 'MoveOtherWorkers')).toBe(true);
    expect((await world.serving()).join()).toBe('v2');
    expect(await parcels.packed()).not.toHaveProperty('v2');
    const ended = await world.ended(execution);
    expect(ended.outcome).toBe('DeploymentSucceeded');
    expect(await movesOf(ended.name)).toContainEqual(
      expect.objectContaining({ moves: 'before', status: 'moved' }),
    );
    await expectPacking('v2');
    await expectServing(world, { version: 'v2', slot: otherThan(slot) });
  });

  it('has never moved when green fails', async () => {
    await world.configure({ workers: [packing(world)] });
    const before = [await servingNow(world), await parcels.runs()] as const;
    const ended = await world.deploy({ image: 'shop:v3', ...sick });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.path).not.toContain('MoveOtherWorkers');
    expect(await parcels.runs()).toEqual(before[1]);
    await expectPacking('v1');
    expect(await parcels.packed()).not.toHaveProperty('v3');
    await expectServing(world, before[0]);
  });

  it('that does not start takes the users back with it, and the end says why it did not', async () => {
    await world.configure({ workers: [packing(world)] });
    const before = [await servingNow(world), await parcels.runs()] as const;
    const ended = await world.deploy({ image: 'shop:v2-workless', ...quick });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(
      new RegExp(
        `worker ${parcels.service} does not work with the version it was given: .*EssentialContainerExited`,
      ),
    );
    expect(ended.path).toEqual(
      expect.arrayContaining(['MoveOtherWorkers', 'ReturnTraffic', 'ReturnWorkers']),
    );
    expect(await parcels.runs()).toEqual(before[1]);
    await expectPacking('v1');
    await expectServing(world, before[0]);
  });

  it('comes back with a release that is taken back', async () => {
    await world.configure({ workers: [packing(world)] });
    const before = [await servingNow(world), await parcels.runs()] as const;
    const { name, outcome } = await world.deploy({ image: 'shop:v2', ...quick });
    expect(outcome).toBe('DeploymentSucceeded');
    await parcels.packs('v2');
    expect((await world.rollBack(name)).outcome).toBe('RolledBack');
    expect(await parcels.runs()).toEqual(before[1]);
    await expectPacking('v1');
    await expectServing(world, before[0]);
  });
});

describe('a release of some age that has moved its workers', () => {
  const limits = { automaticSeconds: 0, timeoutSeconds: 20_000 };
  const saysNo = async (link = '') => {
    const body = new URLSearchParams({ answer: 'reject', by: 'bob', reason: 'we look at it' });
    expect((await fetch(link, { method: 'POST', body })).status).toBe(200);
  };

  it('has them back with its users when people are asked, and for good when they say no', async () => {
    await world.configure({ workers: [packing(world)] });
    const [serving, worker] = [await servingNow(world), await parcels.runs()];
    const execution = await world.start({
      ...{ service: 'shop', reason: 'a test', image: 'shop:v2-workless', ...quick },
      rollback: { ...limits, confirmSeconds: 20_000 },
    });
    const asked = await world.asked(execution);
    expect(asked?.text).toContain('all traffic and all workers are back on the previous version already');
    expect(asked?.text).toContain(`worker ${parcels.service} does not work with the version it was given`);
    expect((await world.serving()).join()).toBe(serving.version);
    await expectPacking('v1');
    await saysNo(asked?.link);
    const ended = await world.ended(execution);
    expect(ended.outcome).toBe('NeedsOperator');
    expect(ended.cause).toMatch(new RegExp(`worker ${parcels.service} runs shop-worker:\\d+, as before`));
    expect(await parcels.runs()).toEqual(worker);
    await expectPacking('v1');
    expect((await greenlight(world, 'rollback', ended.name, '--reason', 'a test')).code).toBe(0);
    await expectPacking('v1');
    await expectServing(world, serving);
  });

  it('and is old stays with users and workers until people have chosen, who are told what moves them back', async () => {
    await world.configure({ workers: [packing(world)] });
    const [serving, worker] = [await servingNow(world), await parcels.runs()];
    movesSlowly();
    const execution = await world.start({
      ...{ service: 'shop', reason: 'a test', image: 'shop:v2', ...quick },
      rollback: { ...limits, confirmSeconds: 0 },
    });
    expect(await world.entered(execution, 'MoveOtherWorkers')).toBe(true);
    await alarmOf(world).tryOut();
    const asked = await world.asked(execution);
    expect(asked?.text).toContain('all traffic and the workers that have moved are still on shop:v2');
    await parcels.packs('v2');
    await saysNo(asked?.link);
    const ended = await world.ended(execution);
    expect(ended.outcome).toBe('NeedsOperator');
    expect(ended.cause).toMatch(
      new RegExp(
        `worker ${parcels.service} runs shop-worker:\\d+ and ran shop-worker:\\d+ before: the rollback moves it back, after the users; .*to roll back after all: npx greenlight rollback ${ended.name} `,
      ),
    );
    expect((await greenlight(world, 'rollback', ended.name, '--reason', 'a test')).code).toBe(0);
    expect(await parcels.runs()).toEqual(worker);
    await expectPacking('v1');
    await expectServing(world, serving);
  });
});

it('a release that turns out bad while its workers move goes back, with them', async () => {
  await world.configure({ workers: [packing(world)] });
  const before = [await servingNow(world), await parcels.runs()] as const;
  movesSlowly();
  const execution = await world.start({ service: 'shop', reason: 'a test', image: 'shop:v2', ...quick });
  expect(await world.entered(execution, 'MoveOtherWorkers')).toBe(true);
  await alarmOf(world).tryOut();
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/alarm \S+ went to ALARM at \S+Z: somebody tries it out/);
  expect(ended.path.lastIndexOf('ObserveGreen')).toBeGreaterThan(ended.path.indexOf('MoveOtherWorkers'));
  expect(await parcels.runs()).toEqual(before[1]);
  await expectPacking('v1');
  await expectServing(world, before[0]);
});

describe('a worker that moves before the shift', () => {
  it('works as the new version before any user is on it', async () => {
    await world.configure({ workers: [packing(world, { moves: 'before' })] });
    const { slot } = await servingNow(world);
    const execution = await world.start({ service: 'shop', reason: 'a test', image: 'shop:v2', ...quick });
    expect(await world.entered(execution, 'ShiftTraffic')).toBe(true);
    expect((await parcels.packed()).v2).toBeGreaterThan(0);
    const ended = await world.ended(execution);
    expect(ended.outcome).toBe('DeploymentSucceeded');
    await expectPacking('v2');
    await expectServing(world, { version: 'v2', slot: otherThan(slot) });
  });

  it('comes back once the users are, and before anything is decided about the schema that it needs', async () => {
    await world.configure({ workers: [packing(world, { moves: 'before' })] });
    const [serving, worker] = [await servingNow(world), await parcels.runs()];
    const ended = await world.deploy({ image: 'shop:v3', ...sick });
    expect(ended.outcome).toBe('RolledBack');
    expect((await parcels.packed()).v3).toBeGreaterThan(0);
    const way = ended.path.filter((state) =>
      ['ReturnTraffic', 'ReturnWorkers', 'ChooseRollback'].includes(state),
    );
    expect([...new Set(way)]).toEqual(['ReturnTraffic', 'ReturnWorkers', 'ChooseRollback']);
    expect(await parcels.runs()).toEqual(worker);
    await expectPacking('v1');
    await expectServing(world, serving);
  });

  it('that does not start keeps the users where they are', async () => {
    await world.configure({ workers: [packing(world, { moves: 'before' })] });
    const serving = await servingNow(world);
    const ended = await world.deploy({ image: 'shop:v2-workless', ...quick });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toContain('EssentialContainerExited');
    expect(ended.path).not.toContain('ShiftTraffic');
    await expectPacking('v1');
    await expectServing(world, serving);
  });

  it('works as the new version before a rollout in place replaces a task', async () => {
    await world.configure({ workers: [packing(world, { moves: 'before' })] });
    const { slot } = await servingNow(world);
    const ended = await world.deploy({ image: 'shop:v2', ...quick, strategy: 'ROLLING' });
    expect(ended.outcome).toBe('DeploymentSucceeded');
    expect(ended.path.indexOf('MoveWorkers')).toBeLessThan(ended.path.indexOf('RollOut'));
    await expectPacking('v2');
    await expectServing(world, { version: 'v2', slot });
  });
});

it.each(['before', 'after'] as const)(
  'a deployment that is stopped amid the move of its workers (%s the shift) is recovered, and they are back',
  async (moves) => {
    await world.configure({ workers: [packing(world, { moves })] });
    const [serving, worker] = [await servingNow(world), await parcels.runs()];
    const execution = await world.start({ service: 'shop', reason: 'a test', image: 'shop:v2', ...quick });
    await world.entered(execution, moves === 'before' ? 'WaitForWorkers' : 'WaitForOthers');
    await world.stop(execution);
    const recovery = await world.endOf(`${execution.split(':').at(-1)}-recover-1`);
    expect(recovery.outcome).toBe('RolledBack');
    expect(await parcels.runs()).toEqual(worker);
    await expectPacking('v1');
    await expectServing(world, serving);
  },
);

it('a contract migration runs once the worker has moved, which never meets a schema it does not know', async () => {
  await world.configure({ workers: [packing(world)] });
  expect((await world.deploy({ image: 'shop:v2', ...quick })).outcome).toBe('DeploymentSucceeded');
  const { slot } = await servingNow(world);
  const ended = await world.deploy({ image: 'shop:v7', ...quick });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(ended.path).toContain('StartContract');
  expect((await world.schema()).applied).toContain(NOTE);
  await expectPacking('v7');
  await expectServing(world, { version: 'v7', slot: otherThan(slot) });
});

it('a plan says what the workers run and when they move', async () => {
  await world.configure({ workers: [packing(world)] });
  const plan = await world.deploy({ image: 'shop:v2', dryRun: true, ...quick });
  expect(plan.output).toMatchObject({
    plan: {
      workers: [expect.stringMatching(/ runs shop-worker:\d+(, although .*,)? and moves after the shift$/)],
    },
  });
});

it('a worker that is not there is found before anything is changed', async () => {
  await world.configure({ workers: [packing(world)] });
  const serving = await servingNow(world);
  await parcels.remove();
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  await parcels.create();
  expect([ended.outcome, ended.cause]).toEqual([
    'DeploymentRejected',
    expect.stringContaining(`worker ${parcels.service} is not there; create it`),
  ]);
  expect(ended.cause).toContain('nothing was changed');
  await expectServing(world, serving);
});

it('a worker whose revision was deregistered is found before anything is changed: nothing could give it back', async () => {
  await world.configure({ workers: [packing(world)] });
  const serving = await servingNow(world);
  await parcels.deregister();
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  expect([ended.outcome, ended.cause]).toEqual([
    'DeploymentRejected',
    expect.stringMatching(
      new RegExp(
        `worker ${parcels.service} runs shop-worker:\\d+, which was deregistered, .*nothing was changed$`,
      ),
    ),
  ]);
  await expectServing(world, serving);
});

describe('a maintenance window', () => {
  const closed = { ...quick, strategy: 'MAINTENANCE' };

  it('has no worker at work while it is closed, and each of them as the new version once users are', async () => {
    await world.configure({ workers: [packing(world, { moves: 'before' })] });
    const { slot } = await servingNow(world);
    await parcels.hold();
    const execution = await world.start({ service: 'shop', reason: 'a test', image: 'shop:v2', ...closed });
    expect(await world.entered(execution, 'StartMigration')).toBe(true);
    expect(await parcels.runs()).toMatchObject({ running: 0, desired: 0 });
    const ended = await world.ended(execution);
    expect(ended.outcome).toBe('DeploymentSucceeded');
    await world.query('INSERT INTO parcels (order_id) VALUES (1)');
    await parcels.packs('v2', 0);
    expect(await parcels.runs()).toMatchObject({ running: 1, desired: 1 });
    expect(await parcels.problems()).toEqual([]);
    await expectServing(world, { version: 'v2', slot: otherThan(slot) });
  });

  it('that ends with the snapshot of before has its workers back as they were', async () => {
    await world.configure({ workers: [packing(world)] });
    const [serving, worker] = [await servingNow(world), await parcels.runs()];
    await parcels.hold();
    const ended = await world.deploy({ image: 'shop:v4', ...closed });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.path).toEqual(expect.arrayContaining(['RestoreDatabase', 'RestartWorkers']));
    expect(await parcels.runs()).toEqual(worker);
    await world.query('INSERT INTO parcels (order_id) VALUES (1)');
    await parcels.packs('v1', 0);
    await expectServing(world, serving);
  });
});

/** `cdk deploy` with another environment variable for the jobs. */
async function deployStack(): Promise<void> {
  const template: Template = JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'cdk.out', 'Shop.template.json'), 'utf8'),
  );
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::ECS::TaskDefinition' && Properties?.Family === 'shop-batch')
      (Properties as unknown as Jobs).ContainerDefinitions[0]!.Environment.push({
        Name: 'GREETING',
        Value: 'hi',
      });
  await world.cloud.update('Shop', template);
}
interface Jobs {
  ContainerDefinitions: { Environment: { Name: string; Value: string }[] }[];
}

it('what an update of the stack puts back to its template is found and told, and mended by the release that is named', async () => {
  await world.configure({ workers: [packing(world), ...batches(world)] });
  expect((await world.deploy({ image: 'shop:v2', ...quick })).outcome).toBe('DeploymentSucceeded');
  const told = () =>
    world.cloud.services.sns
      .recent()
      .filter(({ subject }) => subject === 'shop: a worker is not as recorded')
      .map(({ message }) => message);
  const look = () => world.wake('Reconcile');
  const released = await parcels.started();
  const worker = await parcels.runs();
  await look();
  const { length } = told();
  await deployStack();
  expect((await parcels.started()).rule.taskDefinition).not.toBe(released.rule.taskDefinition);
  await look();
  await until(async () => told().length > length || undefined);
  await look();
  const [message = '', ...more] = told().slice(length);
  expect(more).toEqual([]);
  const { WorkerRule: rule, WorkerSchedule: schedule } = world.cloud.outputs;
  for (const name of [`rule/default/${rule}/Target0`, `schedule/default/${schedule}`])
    expect(message).toMatch(
      new RegExp(`worker ${name} runs shop-batch:\\d+ where the last deployment left shop-batch:\\d+;`),
    );
  // the stack keeps the service
  expect(message).not.toContain(`worker ${parcels.service}`);
  expect(await parcels.runs()).toEqual(worker);
  expect(message).toContain('npx greenlight deploy --workflow Shop --service shop --image live');

  expect((await world.deploy({ image: 'live', ...quick })).outcome).toBe('DeploymentSucceeded');
  const after = await parcels.started();
  for (const kind of ['rule', 'schedule'] as const)
    expect(await parcels.imageOf(after[kind].taskDefinition)).toMatch(/^.*shop@sha256:/);
  await look();
  expect(told()).toHaveLength(length + 1);
});

describe('what EventBridge starts', () => {
  it('of the previous version is waited for before a contract, and named', async () => {
    await world.configure({ workers: [packing(world), ...batches(world)] });
    expect((await world.deploy({ image: 'shop:v2', ...quick })).outcome).toBe('DeploymentSucceeded');
    // a job of v2 that has not ended when the release after it comes to its contract
    await parcels.startJob();
    const execution = await world.start({ service: 'shop', reason: 'a test', image: 'shop:v7', ...quick });
    expect(await world.entered(execution, 'WaitForContractReady')).toBe(true);
    expect(await world.path(execution)).not.toContain('StartContract');
    const job = await parcels.stopJob();
    const ended = await world.ended(execution);
    expect(ended.outcome).toBe('DeploymentSucceeded');
    expect(ended.path).toContain('StartContract');
    const waits = (await world.journal(ended.name)).flatMap(({ step, result }) =>
      step === 'PrepareContract' ? [(result as { cause: string }).cause] : [],
    );
    expect(waits).toContainEqual(expect.stringMatching(new RegExp(`${job} of shop-batch:\\d+ still runs`)));
  });

  it('also moves by a schedule that began long ago, and comes back', async () => {
    await world.configure({ workers: batches(world) });
    await parcels.begin();
    const before = await parcels.started();
    const ended = await world.deploy({ image: 'shop:v2', ...quick });
    expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
    expect((await parcels.started()).schedule.taskDefinition).not.toBe(before.schedule.taskDefinition);
    expect((await world.rollBack(ended.name)).outcome).toBe('RolledBack');
    expect((await parcels.started()).schedule.taskDefinition).toBe(before.schedule.taskDefinition);
  });

  it('is the release from then on, by the rule and by the schedule, and all else of them stays', async () => {
    await world.configure({ workers: batches(world) });
    const before = await parcels.started();
    const { slot } = await servingNow(world);
    const [version = ''] = await world.serving();
    const ended = await world.deploy({ image: 'shop:v2', ...quick });
    expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
    const after = await parcels.started();
    for (const kind of ['rule', 'schedule'] as const) {
      const moved = after[kind].taskDefinition;
      expect(moved).not.toBe(before[kind].taskDefinition);
      expect(await parcels.imageOf(moved)).toMatch(/^.*shop@sha256:/);
      expect({ ...after[kind], taskDefinition: '' }).toEqual({ ...before[kind], taskDefinition: '' });
    }
    expect((await world.rollBack(ended.name)).outcome).toBe('RolledBack');
    expect(await parcels.started()).toEqual(before);
    await expectServing(world, { version, slot });
  });
});
