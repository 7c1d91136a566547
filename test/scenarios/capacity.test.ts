import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import { ECS } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expectServing } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';
import { type Slot, until } from './world/ground';

jest.setTimeout(480_000);

let world: World;
let elb: ElasticLoadBalancingV2Client;
let ecs: ECS;
let scaling: ApplicationAutoScaling;
beforeAll(async () => {
  world = await startWorld();
  elb = new ElasticLoadBalancingV2Client(world.aws);
  ecs = new ECS(world.aws);
  scaling = new ApplicationAutoScaling(world.aws);
});
afterAll(() => world?.close());
beforeEach(() => world.renew(200));

const healthy = async (slot: Slot) => {
  const { TargetHealthDescriptions = [] } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: world.settings.slots[slot].targetGroup }),
  );
  return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length;
};

/** From now on: the fewest healthy tasks that a slot had while all users were on it. */
function watch(slot: Slot) {
  let on = true;
  let fewest = Number.POSITIVE_INFINITY;
  const watching = (async () => {
    while (on) {
      const [tasks, weights] = [await healthy(slot), await world.weights()];
      if (weights[slot] === 100) fewest = Math.min(fewest, tasks);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    on = false;
    await watching;
    return fewest;
  };
}

const request = { service: 'shop', reason: 'a test', ...quick };

it('gives a green that was scaled in at half of the users its tasks back before it gets all of them', async () => {
  const execution = await world.start({ ...request, image: 'shop:v2', bakeSeconds: 60 });
  expect(await world.entered(execution, 'Bake')).toBe(true);
  await world.scale('b', 1);
  const fewest = watch('b');
  const ended = await world.ended(execution);
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
  expect(await fewest()).toBeGreaterThanOrEqual(2);
  await expectServing(world, { version: 'v2', slot: 'b' });
});

/** What a slot's service is told to run, as ECS has it. */
const wantedOf = async (slot: Slot) => {
  const { services = [] } = await ecs.describeServices({
    cluster: world.settings.cluster,
    services: [world.settings.slots[slot].service],
  });
  return services[0]?.desiredCount;
};

// two tasks of the other version served half of the users meanwhile
it.each([
  ['green', 'blue', 'a', 'b', { ...request, image: 'shop:v2', bakeSeconds: 60 }, 'DeploymentSucceeded'],
  ['blue', 'green', 'b', 'a', { ...request, ...sick, image: 'shop:v3', bakeSeconds: 120 }, 'RolledBack'],
] as const)(
  'gives %s no more tasks than users need beside a %s that has grown, however often it looks while they start',
  async (_, _other, grown, slot, wanted, outcome) => {
    const execution = await world.start(wanted);
    expect(await world.entered(execution, 'Bake')).toBe(true);
    await world.scale(grown, 4);
    const ended = await world.ended(execution);
    expect([ended.outcome, await wantedOf(slot), await world.weights()]).toEqual([
      outcome,
      4,
      { [slot]: 100, [grown]: 0 },
    ]);
  },
);

/** All users at once, and requests enough for blue to be scaled in before the verdict. */
const late = {
  ...request,
  ...sick,
  strategy: 'ALL_AT_ONCE',
  bakeSeconds: 120,
  thresholds: { ...sick.thresholds, minimumRequests: 500 },
};

it('gives a blue that shrank while everybody was on green its tasks back before users return', async () => {
  const execution = await world.start({ ...late, image: 'shop:v3' });
  expect(await world.entered(execution, 'Bake')).toBe(true);
  await world.scale('a', 1);
  expect(await world.weights()).toEqual({ a: 0, b: 100 });
  const fewest = watch('a');
  const ended = await world.ended(execution);
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('requests failed')]);
  expect(await fewest()).toBeGreaterThanOrEqual(2);
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('returns users at once from a green that fails all of them, scales blue at the same moment, and says so', async () => {
  const execution = await world.start({ ...late, thresholds: sick.thresholds, image: 'shop:v2-turns' });
  expect(await world.entered(execution, 'Bake')).toBe(true);
  await world.scale('a', 1);
  await world.query('CREATE TABLE outage ()');
  const ended = await world.ended(execution);
  await world.query('DROP TABLE outage');
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(
    /users went back to 1 healthy of the 2 tasks that all users need on blue, because green failed \d+ of the last \d+ requests$/,
  );
  await expectServing(world, { version: 'v1', slot: 'a' });
});

describe('with a scaling policy', () => {
  const both = ['a', 'b'] as const;
  const scaledOf = (slot: Slot) => ({
    ServiceNamespace: 'ecs' as const,
    ScalableDimension: 'ecs:service:DesiredCount' as const,
    ResourceId: `service/${world.settings.cluster.split('/').at(-1)}/${world.settings.slots[slot].service}`,
  });
  const register = (slot: Slot, MinCapacity: number) =>
    scaling.registerScalableTarget({ ...scaledOf(slot), MinCapacity, MaxCapacity: 4 });
  const minimums = async () => {
    const { ScalableTargets = [] } = await scaling.describeScalableTargets({ ServiceNamespace: 'ecs' });
    const of = (slot: Slot) =>
      ScalableTargets.find(({ ResourceId }) => ResourceId === scaledOf(slot).ResourceId)?.MinCapacity;
    return { a: of('a'), b: of('b') };
  };

  beforeEach(async () => {
    for (const slot of both) await register(slot, 1);
    await until(async () => (await world.running()).b === 1 || undefined);
  });
  afterEach(async () => {
    for (const slot of both) await scaling.deregisterScalableTarget(scaledOf(slot));
  });

  it('ends although the policy keeps the idle slot at one task: it has none, and the minimum is where users are', async () => {
    const ended = await world.deploy({ image: 'shop:v2', ...quick });
    expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
    expect(await minimums()).toEqual({ a: 0, b: 1 });
    await expectServing(world, { version: 'v2', slot: 'b' });
    // and back, where the idle slot has none to begin with
    const again = await world.deploy({ image: 'shop:v1', migrations: 'none', ...quick });
    expect(again.outcome).toBe('DeploymentSucceeded');
    expect(await minimums()).toEqual({ a: 1, b: 0 });
    await expectServing(world, { version: 'v1', slot: 'a' });
    // an update of the stack gives it one again
    await register('b', 1);
    await until(async () => (await world.running()).b === 1 || undefined);
    await until(async () => {
      await world.wake('Reconcile');
      await world.wake('RetirePrevious');
      return (await world.running()).b === 0 || undefined;
    });
    expect(await minimums()).toEqual({ a: 1, b: 0 });
  });

  it('leaves the minimum with the previous version when it rolls back', async () => {
    const ended = await world.deploy({ image: 'shop:v3', ...sick });
    expect(ended.outcome).toBe('RolledBack');
    expect(await minimums()).toEqual({ a: 1, b: 0 });
    await expectServing(world, { version: 'v1', slot: 'a' });
  });

  it('keeps the minimum through a maintenance window, in which no slot has it', async () => {
    const execution = await world.start({ ...request, image: 'shop:v2', strategy: 'MAINTENANCE' });
    expect(await world.entered(execution, 'RecordData')).toBe(true);
    expect(await minimums()).toEqual({ a: 0, b: 0 });
    expect((await world.ended(execution)).outcome).toBe('DeploymentSucceeded');
    expect(await minimums()).toEqual({ a: 0, b: 1 });
    await expectServing(world, { version: 'v2', slot: 'b' });
  });

  it.each([
    ['green was started', {}, { state: 'StartGreen', when: 'after' }],
    ['the service was closed', { strategy: 'MAINTENANCE' }, { state: 'StartMigration', when: 'before' }],
  ] as const)('puts the minimums right when a deployment was aborted after %s', async (_, change, at) => {
    const name = await world.abandon({ image: 'shop:v2', ...quick, ...change }, at);
    await world.wake('Reconcile');
    expect((await world.endOf(`${name}-recover-1`)).outcome).toBe('RolledBack');
    expect(await minimums()).toEqual({ a: 1, b: 0 });
    await expectServing(world, { version: 'v1', slot: 'a' });
  });

  it('ends when a policy goes on scaling the idle slot out, and says what sets its count', async () => {
    await scaling.putScalingPolicy({
      ...scaledOf('a'),
      PolicyName: 'queue',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 50,
        CustomizedMetricSpecification: { Namespace: 'Shop', MetricName: 'Queue', Statistic: 'Average' },
      },
    });
    const execution = await world.start({
      ...request,
      ...{ image: 'shop:v2', deadlines: { rollbackSeconds: 60 } },
    });
    expect(await world.entered(execution, 'RetireBlue')).toBe(true);
    const { applicationAutoscaling } = world.cloud.services;
    const alarm = setInterval(
      () => applicationAutoscaling.evaluate(scaledOf('a').ResourceId, 'queue', 60),
      50,
    );
    const ended = await world.ended(execution);
    clearInterval(alarm);
    expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
    expect(await world.lockHolder()).toBeUndefined();
    expect(told()).toMatch(/tasks of \S+ still run: somebody else sets its desired count to \d after \d+ s/);
    expect(await world.weights()).toEqual({ a: 0, b: 100 });
    expect(world.load.lost()).toBe(0);
  });
});

/** What people were told last. */
const told = () => world.cloud.services.sns.recent().at(-1)?.message ?? '';

describe('with a task that is protected from being scaled in', () => {
  /** Protects a task of a slot; resolves with its id. */
  async function protect(slot: Slot): Promise<string> {
    const { cluster, slots } = world.settings;
    const { taskArns = [] } = await ecs.listTasks({ cluster, serviceName: slots[slot].service });
    const task = taskArns[0] ?? '';
    await ecs.updateTaskProtection({ cluster, tasks: [task], protectionEnabled: true });
    protectedTasks.push(task);
    return task.split('/').at(-1) ?? '';
  }
  const protectedTasks: string[] = [];
  afterEach(() =>
    ecs.updateTaskProtection({
      cluster: world.settings.cluster,
      tasks: protectedTasks.splice(0),
      protectionEnabled: false,
    }),
  );
  const deadlines = { rollbackSeconds: 60 };

  it('ends within its deadline, names the task, leaves contract migrations for later, and frees the lock', async () => {
    const task = await protect('a');
    const ended = await world.deploy({ image: 'shop:v7', ...quick, deadlines });
    expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
    expect(told()).toMatch(
      new RegExp(
        `1 tasks of \\S+ still run: task ${task} is protected from being scaled in until \\S+ after \\d+ s`,
      ),
    );
    expect(told()).toMatch(/contract/);
    expect((await world.schema()).applied).not.toContain('20260209090100');
    expect(await world.running()).toEqual({ a: 1, b: 2 });
    expect(await world.weights()).toEqual({ a: 0, b: 100 });
    expect(await world.lockHolder()).toBeUndefined();
    expect(world.load.lost()).toBe(0);
    // the slot is not free for the next one yet
    const next = await world.deploy({ image: 'shop:v2' });
    expect([next.outcome, next.cause]).toEqual([
      'DeploymentRejected',
      expect.stringMatching(
        new RegExp(`cannot be: task ${task} is protected from being scaled in until .* nothing was changed$`),
      ),
    ]);
  });

  it('rolls back when the task is one of green, and says that it still runs', async () => {
    const execution = await world.start({ ...request, ...sick, image: 'shop:v3', deadlines });
    expect(await world.entered(execution, 'Bake')).toBe(true);
    const task = await protect('b');
    const ended = await world.ended(execution);
    expect([ended.outcome, ended.cause]).toEqual([
      'RolledBack',
      expect.stringMatching(
        new RegExp(
          `the previous version serves all traffic, .*; 1 tasks of \\S+ still run: task ${task} is protected`,
        ),
      ),
    ]);
    expect(await world.running()).toEqual({ a: 2, b: 1 });
    expect(await world.weights()).toEqual({ a: 100, b: 0 });
    expect(await world.lockHolder()).toBeUndefined();
    expect(world.load.lost()).toBe(0);
  });

  it('opens a closed service again that cannot be stopped', async () => {
    const task = await protect('a');
    const maintenance = { ...world.settings.maintenance!, closeSeconds: 60 };
    await world.configure({ maintenance });
    const ended = await world.deploy({ image: 'shop:v2', ...quick, strategy: 'MAINTENANCE' });
    expect([ended.outcome, ended.cause]).toEqual([
      'RolledBack',
      expect.stringMatching(
        new RegExp(`the database could still be written to: .*task ${task} is protected`),
      ),
    ]);
    await expectServing(world, { version: 'v1', slot: 'a' });
  });
});
