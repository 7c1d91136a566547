import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { quick, stories } from './stories';
import { type Ended, startWorld, type World } from './world';

jest.setTimeout(180_000);

let world: World;
const told: Ended[] = [];
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

it('keeps live weights through a stack update that reaches the rule itself in the middle of a canary', async () => {
  const template = JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'cdk.out', 'Shop.template.json'), 'utf8'),
  );
  const Conditions = [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/products/*', '/*'] } }];
  const rules = Object.values<{ Type: string; Properties: object }>(template.Resources).filter(
    ({ Type }) => Type === 'Custom::TrafficRule',
  );
  expect(rules).toHaveLength(2);
  for (const { Properties } of rules) Object.assign(Properties, { Priority: '2', Conditions });

  const execution = await world.start({
    service: 'shop',
    image: 'shop:v2',
    reason: 'a test',
    ...quick,
    bakeSeconds: 60,
  });
  expect(await world.entered(execution, 'Bake')).toBe(true);
  await world.cloud.update('Shop', template);
  expect(await world.weights()).toEqual({ a: 50, b: 50 });
  const { Rules } = await new ElasticLoadBalancingV2Client(world.aws).send(
    new DescribeRulesCommand({ RuleArns: [world.settings.traffic.productionRule] }),
  );
  expect(Rules).toMatchObject([{ Priority: '2', Conditions }]);
  told.push(await world.ended(execution));
  expect(told[0]?.outcome).toBe('DeploymentSucceeded');
});

/** Everything that leaves a deployment, as text. */
async function everythingSaid(): Promise<Record<string, string>> {
  const { Items } = await new DynamoDBClient(world.aws).send(
    new ScanCommand({ TableName: world.cloud.outputs.JournalTable }),
  );
  const logs = new CloudWatchLogsClient(world.aws);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const lines = await Promise.all(
    logGroups.map(
      async ({ logGroupName }) => (await logs.send(new FilterLogEventsCommand({ logGroupName }))).events,
    ),
  );
  return {
    history: JSON.stringify(told.map(({ events }) => events)),
    journal: JSON.stringify(Items),
    events: JSON.stringify(world.cloud.services.events.recent()),
    messages: JSON.stringify(world.cloud.services.sns.recent()),
    logs: JSON.stringify(lines),
  };
}

it('lets no password out: not into histories, journal, events, messages or logs, not even when all goes wrong', async () => {
  const { SecretString } = await new SecretsManagerClient(world.aws).send(
    new GetSecretValueCommand({ SecretId: world.settings.database.secret }),
  );
  const { password } = JSON.parse(SecretString ?? '{}') as { password: string };
  expect(password.length).toBeGreaterThan(10);
  for (const story of ['half-applied migration', 'sick green', 'green that never comes up'])
    told.push(await stories[story]!(world));
  // a tool that prints where it failed to connect
  world.fault({
    operation: 'secretsmanager:GetSecretValue',
    kind: 'override',
    patch: {
      SecretString: JSON.stringify({ ...JSON.parse(SecretString ?? '{}'), dbname: 'no-such-database' }),
    },
  });
  told.push(await world.deploy({ image: 'shop:v2' }));
  world.mend();
  expect(told.map(({ outcome }) => outcome)).toEqual([
    'DeploymentSucceeded',
    'RolledBack',
    'RolledBack',
    'RolledBack',
    'DeploymentRejected',
  ]);
  const said = await everythingSaid();
  for (const [where, text] of Object.entries(said)) {
    expect([where, text.length > 100]).toEqual([where, true]);
    expect([where, text.includes(password), text.includes(encodeURIComponent(password))]).toEqual([
      where,
      false,
      false,
    ]);
  }
});
