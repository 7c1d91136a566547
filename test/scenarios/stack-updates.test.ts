import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import type { Template } from '../../local/template';
import { expectServing, otherThan, servingNow } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

let world: World;
/** The stack as it is now: each test changes it further. */
let template: Template;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
  template = JSON.parse(readFileSync(join(__dirname, '..', '..', 'cdk.out', 'Shop.template.json'), 'utf8'));
});
afterAll(() => world?.close());

interface Properties {
  Family: string;
  ContainerDefinitions: { Environment: { Name: string; Value: string }[] }[];
  Tags: { Key: string; Value: string }[];
}

/** `cdk deploy` with the shop's task definition changed. */
async function deployStack(change: (properties: Properties) => void): Promise<void> {
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::ECS::TaskDefinition' && Properties?.Family === 'shop')
      change(Properties as unknown as Properties);
  await world.cloud.update('Shop', template);
}

const withVariable = (Name: string, Value: string) =>
  deployStack(({ ContainerDefinitions: [shop] }) => {
    const { Environment } = shop!;
    const known = Environment.find((one) => one.Name === Name);
    if (known) known.Value = Value;
    else Environment.push({ Name, Value });
  });

/** What runs in a slot: environment variables and tags of its tasks. */
async function runningIn(slot: 'a' | 'b') {
  const { cluster, slots } = world.settings;
  const ecs = new ECSClient(world.aws);
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, serviceName: slots[slot].service }));
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster, tasks: taskArns, include: ['TAGS'] }),
  );
  return Promise.all(
    tasks.map(async ({ taskDefinitionArn, tags = [] }) => {
      const { taskDefinition } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }),
      );
      const { environment = [], image = '' } = taskDefinition?.containerDefinitions?.[0] ?? {};
      return {
        variables: Object.fromEntries(environment.map(({ name = '', value }) => [name, value])),
        tags: Object.fromEntries(tags.map(({ key = '', value }) => [key, value])),
        image,
      };
    }),
  );
}

it('rolls back to the first version, whose revision the stack has replaced meanwhile', async () => {
  const before = await servingNow(world);
  await withVariable('GREETING', 'hi');
  const { name, outcome } = await world.deploy({ image: 'shop:v2', ...quick });
  expect(outcome).toBe('DeploymentSucceeded');
  expect((await world.rollBack(name)).outcome).toBe('RolledBack');
  await expectServing(world, before);
  expect((await runningIn(before.slot)).map(({ variables }) => variables.GREETING)).toEqual([
    undefined,
    undefined,
  ]);
});

it('leaves the slots alone wherever a release is, and a release brings what has changed', async () => {
  const first = await servingNow(world);
  expect(await runningIn(first.slot)).toHaveLength(2);
  for (const [image, version, greeting] of [
    ['shop:v2', 'v2', 'hello'],
    ['shop:v2', 'v2', 'good day'],
  ] as const) {
    const before = await servingNow(world);
    const variables = (await runningIn(before.slot)).map((task) => task.variables);
    await withVariable('GREETING', greeting);
    await expectServing(world, before);
    expect((await runningIn(before.slot)).map((task) => task.variables)).toEqual(variables);
    const ended = await world.deploy({ image, ...quick });
    expect(ended.outcome).toBe('DeploymentSucceeded');
    const serving = { version, slot: otherThan(before.slot) };
    await expectServing(world, serving);
    expect(await runningIn(serving.slot)).toEqual(
      [1, 2].map(() => ({
        variables: expect.objectContaining({ GREETING: greeting }),
        tags: { service: 'shop' },
        image: expect.stringMatching(/@sha256:/),
      })),
    );
  }
});

it('says in a dry run what a release would change beside the image, and no value', async () => {
  await withVariable('API_TOKEN', 'hunter2');
  await deployStack(({ Tags }) => Tags.push({ Key: 'team', Value: 'tills' }));
  const ended = await world.deploy({ image: 'shop:v2', dryRun: true });
  expect(ended.output).toMatchObject({
    plan: {
      taskDefinition: ['environment variable API_TOKEN added in container shop', 'tag team added'],
    },
  });
  expect(JSON.stringify([ended.events, await world.journal(ended.name)])).not.toContain('hunter2');
});

it('releases a configuration alone: the image that serves, with the newest task definition', async () => {
  const before = await servingNow(world);
  const [{ image } = { image: '' }] = await runningIn(before.slot);
  await withVariable('GREETING', 'good evening');
  const ended = await world.deploy({ image: 'live', ...quick });
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect(ended.path).not.toContain('StartMigration');
  const serving = { ...before, slot: otherThan(before.slot) };
  await expectServing(world, serving);
  expect(await runningIn(serving.slot)).toMatchObject(
    [1, 2].map(() => ({ image, variables: { GREETING: 'good evening' }, tags: { team: 'tills' } })),
  );
});

it('rolls back to the configuration of before, whose revision somebody has deregistered meanwhile', async () => {
  const before = await servingNow(world);
  const { cluster, slots } = world.settings;
  const ecs = new ECSClient(world.aws);
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [slots[before.slot].service] }),
  );
  await withVariable('GREETING', 'good night');
  const { name, outcome } = await world.deploy({ image: 'live', ...quick });
  expect(outcome).toBe('DeploymentSucceeded');
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition }));
  expect((await world.rollBack(name)).outcome).toBe('RolledBack');
  await expectServing(world, before);
  expect(await runningIn(before.slot)).toMatchObject(
    [1, 2].map(() => ({ variables: { GREETING: 'good evening' } })),
  );
});
