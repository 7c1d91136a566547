import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { expectServing, otherThan, servingNow } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(240_000);

let world: World;
let ecs: ECSClient;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
  ecs = new ECSClient(world.aws);
  // from now on it is recorded what serves
  expect((await world.deploy({ image: 'shop:v2', ...quick })).outcome).toBe('DeploymentSucceeded');
});
afterAll(() => world?.close());

const SUBJECT = 'shop: a slot is not as recorded';
const told = () =>
  world.cloud.services.sns
    .recent()
    .filter(({ subject }) => subject === SUBJECT)
    .map(({ message }) => message);
const events = () =>
  world.cloud.services.events
    .recent()
    .filter((event) => event['detail-type'] === 'SlotsDiffer')
    .map(({ detail }) => (detail as { cause: string }).cause);

/** What a person does in the console. */
const change = (slot: 'a' | 'b', what: { desiredCount?: number; taskDefinition?: string }) =>
  ecs.send(
    new UpdateServiceCommand({
      ...{ cluster: world.settings.cluster, service: world.settings.slots[slot].service },
      ...what,
    }),
  );
const service = async (slot: 'a' | 'b') => {
  const { cluster, slots } = world.settings;
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [slots[slot].service] }),
  );
  return services![0]!;
};
const running = (slot: 'a' | 'b', tasks: number) =>
  until(async () => (await world.running())[slot] === tasks || undefined);
/** People are told after the tasks are; a moment later on a busy machine. */
const toldSo = (times: number) => until(async () => told().length >= times || undefined);
/** One look of the schedule, whose own may come at any moment as well. */
const look = () => world.wake('Reconcile');

it('a live slot that lost tasks has them again within minutes by the schedule alone, and people are told once', async () => {
  const before = await servingNow(world);
  const { length } = told();
  await change(before.slot, { desiredCount: 1 });
  await running(before.slot, 1);
  await running(before.slot, 2);
  await toldSo(length + 1);
  await look();
  await look();
  expect(told().slice(length)).toEqual([
    expect.stringContaining(
      `slot ${before.slot} was told to run 1 tasks where 2 were recorded, and is told to run 2 again`,
    ),
  ]);
  expect(events()).toEqual(told());
  await expectServing(world, before);
});

it('it is told anew when it happens again, also when nothing is left to serve', async () => {
  const before = await servingNow(world);
  const { length } = told();
  await change(before.slot, { desiredCount: 1 });
  await running(before.slot, 1);
  await running(before.slot, 2);
  await toldSo(length + 1);
  await look();
  await change(before.slot, { desiredCount: 0 });
  await until(async () => (await service(before.slot)).desiredCount === 2 || undefined);
  await running(before.slot, 2);
  await toldSo(length + 2);
  expect(told().slice(length + 1)).toEqual([expect.stringContaining('was told to run 0 tasks')]);
  await until(async () => (await world.serving()).join() === before.version || undefined);
});

it('tasks in the idle slot are stopped once they receive nothing', async () => {
  const before = await servingNow(world);
  const idle = otherThan(before.slot);
  const { length } = told();
  const lost = world.load.lost();
  await change(idle, { desiredCount: 1 });
  await running(idle, 1);
  await running(idle, 0);
  expect(told().slice(length)).toEqual([
    expect.stringContaining(`slot ${idle} was told to run 1 tasks although it has no users`),
  ]);
  expect((await service(idle)).desiredCount).toBe(0);
  expect(world.load.lost()).toBe(lost);
});

it('more tasks than recorded stay, and are what is recorded then', async () => {
  const { slot } = await servingNow(world);
  const { length } = told();
  await change(slot, { desiredCount: 3 });
  await look();
  expect(told().slice(length)).toEqual([expect.stringContaining('so 3 are recorded now')]);
  await look();
  expect((await service(slot)).desiredCount).toBe(3);
  await running(slot, 3);
  await change(slot, { desiredCount: 2 });
  await running(slot, 2);
  await running(slot, 3);
  await toldSo(length + 2);
  expect(told()).toHaveLength(length + 2);
});

it('a count that Application Auto Scaling keeps is its own business, within its bounds', async () => {
  const { slot } = await servingNow(world);
  const { cluster, slots } = world.settings;
  const scaling = new ApplicationAutoScalingClient(world.aws);
  const target = {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: `service/${cluster.split('/').at(-1)}/${slots[slot].service}`,
  } as const;
  await look();
  const { length } = told();
  await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 2, MaxCapacity: 4 }));
  await change(slot, { desiredCount: 2 });
  await look();
  expect([(await service(slot)).desiredCount, told().length]).toEqual([2, length]);
  await scaling.send(new DeregisterScalableTargetCommand(target));
});

it('another version in the live slot is told and left alone, and no deployment begins over it', async () => {
  await look();
  await running((await servingNow(world)).slot, 3);
  await look();
  const { slot } = await servingNow(world);
  const { length } = told();
  const { taskDefinition } = await service(slot);
  const other = (await service(otherThan(slot))).taskDefinition;
  await change(slot, { taskDefinition: other });
  await look();
  await look();
  expect(told().slice(length)).toEqual([
    expect.stringContaining(`tasks of ${other} where ${taskDefinition} was recorded; set it back`),
  ]);
  expect((await service(slot)).taskDefinition).toBe(other);
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toContain(`slot ${slot} runs ${other} where ${taskDefinition} was recorded`);
  await change(slot, { taskDefinition });
  await until(async () => (await service(slot)).deployments?.length === 1 || undefined);
  await look();
  expect(told()).toHaveLength(length + 1);
});

it('other weights are told and left alone', async () => {
  const before = await world.weights();
  const { length } = told();
  await world.setWeights({ a: 50, b: 50 });
  await look();
  await look();
  expect(told().slice(length)).toEqual([
    expect.stringMatching(/weights are a 50 \/ b 50 where .* was recorded; somebody else changed them/),
  ]);
  expect(await world.weights()).toEqual({ a: 50, b: 50 });
  await world.setWeights(before);
});

it('while a deployment is at work nothing is put right behind its back', async () => {
  await look();
  const { slot } = await servingNow(world);
  const { length } = told();
  const execution = await world.start({
    ...{ service: 'shop', image: 'shop:v2', reason: 'a test', approval: 'required' },
  });
  expect(await world.asked(execution)).toBeDefined();
  await change(slot, { desiredCount: 1 });
  await running(slot, 1);
  await look();
  await look();
  expect([(await service(slot)).desiredCount, told().length]).toEqual([1, length]);
  await world.stop(execution);
  await world.endOf(`${execution.split(':').at(-1)}-recover-1`);
  await until(async () => ((await service(slot)).desiredCount ?? 0) > 1 || undefined);
  await toldSo(length + 1);
  expect(told()).toHaveLength(length + 1);
});
