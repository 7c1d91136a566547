import type { Event } from '../../lib/held/custom-resource';
import { type Balancer, forward, hosts, startBalancer } from '../local/services/balancer';
import { answerOf, startWorld, type World } from '../local/services/ecs/world';
import { cloudFormation } from './answers';

jest.setTimeout(60_000);

const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/blue/1';
let world: World;
let balancer: Balancer;
let stack: Awaited<ReturnType<typeof cloudFormation>>;
const calls: string[] = [];
beforeEach(async () => {
  [world, balancer] = await Promise.all([startWorld(), startBalancer()]);
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
    { ecs: Object.fromEntries(noted), elasticloadbalancing: balancer.elb.operations },
    () => import('../../lib/held/hold-slot.handler.ts'),
  );
});
afterEach(async () => {
  stack.close();
  await Promise.all([world.close(), balancer.close()]);
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
const ask = (request: Event<never>['RequestType'], service: object, before?: object, own: object = {}) =>
  stack.ask(request, {
    id: request === 'Create' ? undefined : 'shop-a',
    now: { ...properties(service), ...own },
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
  expect(await ask('Update', { ...before, serviceName: 'till-a' }, before)).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'shop-a',
    Reason: expect.stringMatching(/^Error: serviceName of slot shop-a cannot be changed/),
  });
});

it('takes back what it refused, as a stack that is rolled back asks for it', async () => {
  const before = wanted(await version('v1'));
  await ask('Create', before);
  for (const change of [{ launchType: 'EC2' }, { cluster: 'elsewhere' }, { serviceName: 'till-a' }]) {
    const after = { ...before, ...change };
    expect(await ask('Update', after, before)).toMatchObject({ Status: 'FAILED' });
    expect(await ask('Update', before, after)).toMatchObject({ Status: 'SUCCESS' });
  }
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

const adopted = { Adopt: 'true' };
const serving = async () => {
  const input = wanted(await version('v1'), { desiredCount: 2 });
  await world.call('CreateService', input);
  return input;
};

it('adopts a service that serves as it is, and leaves it where it is', async () => {
  const input = await serving();
  calls.length = 0;
  const slot = { ...input, taskDefinition: await version('v2'), desiredCount: 5 };
  expect(await ask('Create', slot, undefined, adopted)).toMatchObject({
    ...{ Status: 'SUCCESS', PhysicalResourceId: 'shop-a' },
  });
  expect(await ask('Delete', slot, undefined, adopted)).toMatchObject({ Status: 'SUCCESS' });
  expect(new Set(calls)).toEqual(new Set(['DescribeServices']));
  expect(await service()).toMatchObject({
    ...{ status: 'ACTIVE', runningCount: 2, desiredCount: 2, taskDefinition: input.taskDefinition },
  });
});

it.each([
  [
    'that is not there',
    { serviceName: 'till' },
    /^Error: till cannot become slot a: there is no such service in main; name the one that serves$/,
  ],
  [
    'in another target group',
    { loadBalancers: [{ targetGroupArn: 'arn:other', containerName: 'app', containerPort: 8080 }] },
    /^Error: shop-a cannot become slot a: it serves by app:8080 in arn:aws:.*, and slot a does by app:8080 in arn:other$/,
  ],
  [
    'by another container',
    { loadBalancers: [{ targetGroupArn: GROUP, containerName: 'web', containerPort: 8080 }] },
    /and slot a does by web:8080 in arn:aws/,
  ],
])('adopts no service %s', async (_, change, reason) => {
  const input = await serving();
  expect(await ask('Create', { ...input, ...change }, undefined, adopted)).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(reason),
  });
});

it('adopts no service by which nobody is served', async () => {
  const input = await serving();
  await world.call('UpdateService', { cluster: 'main', service: 'shop-a', desiredCount: 0 });
  expect(await ask('Create', input, undefined, adopted)).toMatchObject({
    ...{ Status: 'FAILED', Reason: expect.stringContaining('it is told to run no task') },
  });
});

it('stays when its stack goes as long as users come to it by one of the rules, and ends then', async () => {
  const { listener, groups, call } = balancer;
  const rule = (Priority: number, own: number) =>
    call('CreateRule', {
      ...{ ListenerArn: listener, Priority, Conditions: hosts(`${Priority}.example.org`) },
      Actions: [forward([groups.a, own], [groups.other, 1])],
    }).Rules[0]!.RuleArn!;
  const [first, second] = [rule(1, 0), rule(2, 1)];
  const before = wanted(await version('v1'), {
    loadBalancers: [{ targetGroupArn: groups.a, containerName: 'app', containerPort: 8080 }],
  });
  await ask('Create', before);
  const stays = { StayWith: [first, second] };
  expect(await ask('Delete', before, undefined, stays)).toMatchObject({ Status: 'SUCCESS' });
  expect(await service()).toMatchObject({ status: 'ACTIVE', runningCount: 1 });
  call('ModifyRule', { RuleArn: second, Actions: [forward([groups.a, 0], [groups.other, 1])] });
  expect(await ask('Delete', before, undefined, stays)).toMatchObject({ Status: 'SUCCESS' });
  expect(await service()).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
});
