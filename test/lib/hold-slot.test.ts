import type { Event } from '../../lib/custom-resource';
import { answerOf, startWorld, type World } from '../local/services/ecs/world';
import { cloudFormation } from './answers';

jest.setTimeout(60_000);

const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/blue/1';
let world: World;
let stack: Awaited<ReturnType<typeof cloudFormation>>;
const calls: string[] = [];
beforeEach(async () => {
  world = await startWorld();
  calls.length = 0;
  // healthy is what answers
  world.targets.health = async (target) => (/^v\d$/.test(await answerOf(target)) ? 'healthy' : 'unhealthy');
  const noted = Object.entries(world.ecs.operations).map(([name, run]) => [
    name,
    (...input: Parameters<NonNullable<typeof run>>) => {
      calls.push(name);
      return run!(...input);
    },
  ]);
  stack = await cloudFormation(
    'SlotA',
    { ecs: Object.fromEntries(noted) },
    () => import('../../lib/hold-slot.handler.ts'),
  );
});
afterEach(async () => {
  stack.close();
  await world.close();
});

const wanted = (taskDefinition: string, change: object = {}) => ({
  cluster: 'main',
  serviceName: 'shop-a',
  launchType: 'FARGATE',
  taskDefinition,
  desiredCount: 1,
  healthCheckGracePeriodSeconds: 60,
  loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 }],
  ...change,
});

const properties = (input: object) => ({ Service: JSON.stringify(input) });
const ask = (request: Event<never>['RequestType'], service: object, before?: object) =>
  stack.ask(request, {
    id: request === 'Create' ? undefined : 'shop-a',
    now: properties(service),
    before: before && properties(before),
  });

const version = (VERSION: string) =>
  world.define({ VERSION }, {}, { portMappings: [{ containerPort: 8080 }] });
const service = async () =>
  (await world.call('DescribeServices', { cluster: 'main', services: ['shop-a'], include: ['TAGS'] }))
    .services[0];

it('makes the service of a slot and says so once its tasks run', async () => {
  expect(await ask('Create', wanted(await version('v1')))).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'shop-a',
  });
  expect(await service()).toMatchObject({ status: 'ACTIVE', runningCount: 1 });
});

it('changes all that a template changes but the task definition and the count', async () => {
  const first = await version('v1');
  const before = wanted(first, {
    tags: [
      { key: 'team', value: 'shop' },
      { key: 'old', value: 'yes' },
    ],
  });
  await ask('Create', before);
  const live = await version('v2');
  await world.call('UpdateService', {
    ...{ cluster: 'main', service: 'shop-a', taskDefinition: live, desiredCount: 2 },
  });
  const after = wanted(await version('v3'), {
    ...{ desiredCount: 0, healthCheckGracePeriodSeconds: 90, tags: [{ key: 'team', value: 'tills' }] },
  });
  expect(await ask('Update', after, before)).toMatchObject({ Status: 'SUCCESS' });
  expect(await service()).toMatchObject({
    ...{ desiredCount: 2, taskDefinition: live, healthCheckGracePeriodSeconds: 90 },
    tags: [{ key: 'team', value: 'tills' }],
  });
});

it('leaves the service alone when a template changes nothing else', async () => {
  const before = wanted(await version('v1'));
  await ask('Create', before);
  calls.length = 0;
  await ask('Update', wanted(await version('v2'), { desiredCount: 3 }), before);
  expect(calls).toEqual([]);
});

it('refuses what would be another service, and says what to do', async () => {
  const before = wanted(await version('v1'));
  await ask('Create', before);
  expect(await ask('Update', { ...before, launchType: 'EC2' }, before)).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/^Error: launchType of slot shop-a cannot be changed: .*make new slots/),
  });
});

it('says in the words of Amazon ECS why a first version does not come up', async () => {
  const answer = await ask(
    'Create',
    wanted(await world.define({ MODE: 'crash' }, {}, { portMappings: [{ containerPort: 8080 }] })),
  );
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/^Error: tasks of shop-a keep failing: .*\(service shop-a\)/),
  });
});

it('ends the service with its tasks, and one that is not there any more', async () => {
  const before = wanted(await version('v1'));
  await ask('Create', before);
  expect(await ask('Delete', before)).toMatchObject({ Status: 'SUCCESS' });
  expect(await service()).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
  expect(await ask('Delete', before)).toMatchObject({ Status: 'SUCCESS' });
});
