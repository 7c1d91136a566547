import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Event } from '../../lib/custom-resource';
import { endpointWith } from '../local/endpoint/fixture';
import { answerOf, startWorld, type World } from '../local/services/ecs/world';

jest.setTimeout(60_000);

const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/blue/1';
const context = {
  ...{ awsRequestId: 'r', functionName: 'HoldSlot', functionVersion: '1' },
  ...{
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:HoldSlot',
    memoryLimitInMB: '128',
  },
};

interface Answer {
  Status: string;
  Reason?: string;
  PhysicalResourceId: string;
}

let world: World;
let stack: Server;
const answers: Answer[] = [];
const calls: string[] = [];
beforeEach(async () => {
  world = await startWorld();
  answers.length = calls.length = 0;
  // healthy is what answers
  world.targets.health = async (target) => (/^v\d$/.test(await answerOf(target)) ? 'healthy' : 'unhealthy');
  stack = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    answers.push(JSON.parse(body));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(stack, 'listening');
  const noted = Object.entries(world.ecs.operations).map(([name, run]) => [
    name,
    (...input: Parameters<NonNullable<typeof run>>) => {
      calls.push(name);
      return run!(...input);
    },
  ]);
  const { endpoint } = await endpointWith({ ecs: Object.fromEntries(noted) });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
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

async function ask(RequestType: Event<never>['RequestType'], service: object, before?: object) {
  // a client of its own for each endpoint
  jest.resetModules();
  const { handler } = await import('../../lib/hold-slot.handler.ts');
  const properties = (input: object) => ({ Service: JSON.stringify(input) });
  await handler(
    {
      ...{ RequestType, StackId: 'stack', RequestId: 'request-1', LogicalResourceId: 'SlotA' },
      ResponseURL: `http://127.0.0.1:${(stack.address() as AddressInfo).port}/`,
      PhysicalResourceId: RequestType === 'Create' ? undefined : 'shop-a',
      ResourceProperties: properties(service),
      OldResourceProperties: before && properties(before),
    },
    context,
  );
  return answers.at(-1);
}

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
