import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expectServing } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';
import type { Slot } from './world/ground';

jest.setTimeout(240_000);

let world: World;
let elb: ElasticLoadBalancingV2Client;
beforeAll(async () => {
  world = await startWorld();
  elb = new ElasticLoadBalancingV2Client(world.aws);
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

/** All users at once, and requests enough for blue to be scaled in before the verdict. */
const late = {
  ...request,
  ...sick,
  strategy: 'ALL_AT_ONCE',
  bakeSeconds: 120,
  thresholds: { ...sick.thresholds, minimumRequests: 1000 },
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
