import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DeploymentWorkflow } from '../../lib/workflow';
import type { ServiceSettings } from '../../src/domain/settings/environments';

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
const slot = (name: string) => ({
  service: `shop-${name}`,
  targetGroup: arn('elasticloadbalancing', `targetgroup/shop-${name}/0123456789abcdef`),
  targetGroupFullName: `targetgroup/shop-${name}/0123456789abcdef`,
});
const rule = (n: number) =>
  arn('elasticloadbalancing', `listener-rule/app/shop/0123456789abcdef/0123456789abcdef/000000000000000${n}`);

const good: ServiceSettings = {
  service: 'shop',
  environment: 'staging',
  cluster: arn('ecs', 'cluster/shop'),
  container: 'shop',
  repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop',
  slots: { a: slot('a'), b: slot('b') },
  traffic: {
    loadBalancer: arn('elasticloadbalancing', 'loadbalancer/app/shop/0123456789abcdef'),
    loadBalancerFullName: 'app/shop/0123456789abcdef',
    productionRule: rule(1),
    testListener: arn('elasticloadbalancing', 'listener/app/shop/0123456789abcdef/0123456789abcdef'),
    testRule: rule(2),
  },
  database: { instance: 'shop', secret: arn('secretsmanager', 'secret:shop-AbCdEf') },
  migrations: {
    tool: 'dbmate',
    manifests: 's3://releases/shop',
    opaque: 'refuse',
    taskDefinition: 'shop-migration',
    container: 'shop',
    command: ['dbmate', 'up'],
    revertCommand: [],
    subnets: ['subnet-1'],
    securityGroups: ['sg-1'],
  },
  smokeTests: [{ path: '/', status: 200 }],
};

/** Begins the workflow of a service with these settings; nothing is bundled before the settings are looked at. */
function begin(
  settings: unknown,
  change: (stack: Stack) => Partial<{ taskDefinitions: never[] }> = () => ({}),
) {
  const stack = new Stack(new App(), 'Releases');
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'] });
  new DeploymentWorkflow(stack, 'Greenlight', {
    vpc,
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Security', 'sg-1'),
    services: [
      {
        settings: settings as ServiceSettings,
        cluster: Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shop', vpc }),
        slots: [],
        taskDefinitions: [new FargateTaskDefinition(stack, 'Task', { family: 'shop' })],
        repository: Repository.fromRepositoryName(stack, 'Repository', 'shop'),
        manifests: Bucket.fromBucketName(stack, 'Manifests', 'releases'),
        ...change(stack),
      },
    ],
  });
}

const traffic = (part: object) => ({ ...good, traffic: { ...good.traffic, ...part } });
const database = (part: object) => ({ ...good, database: { ...good.database, ...part } });
const migrations = (part: object) => ({ ...good, migrations: { ...good.migrations, ...part } });

test.each<[string, object, string]>([
  ['a strategy that is misspelt', { ...good, strategy: 'CANARI' }, 'settings of shop.strategy: '],
  [
    'a slot that is missing',
    { ...good, slots: { a: slot('a') } },
    'settings of shop.slots.b: expected a second slot',
  ],
  ['no slots', { ...good, slots: undefined }, 'settings of shop.slots: '],
  [
    "a listener's ARN as rule",
    traffic({ productionRule: good.traffic!.testListener }),
    'settings of shop.traffic.productionRule: expected the ARN of a listener rule, not of its listener',
  ],
  [
    'a network load balancer',
    traffic({ loadBalancer: arn('elasticloadbalancing', 'loadbalancer/net/shop/0123456789abcdef') }),
    'settings of shop.traffic.loadBalancer: expected the ARN of an application load balancer',
  ],
  ['a listener by its port', traffic({ testListener: '8080' }), 'settings of shop.traffic.testListener: '],
  ['a rule that is missing', traffic({ testRule: undefined }), 'settings of shop.traffic.testRule: '],
  [
    'the rule for tests as one of the users',
    traffic({ otherRules: [rule(3), rule(2)] }),
    'settings of shop.traffic.otherRules.1: expected each rule once, received ',
  ],
  ['no traffic', { ...good, traffic: undefined }, 'settings of shop.traffic: '],
  [
    'an instance whose name leaves no room for a restored one',
    database({ instance: 'x'.repeat(60) }),
    'settings of shop.database.instance: ',
  ],
  ['a database that is missing', { ...good, database: undefined }, 'settings of shop.database: '],
  ['a secret by its name', database({ secret: 'shop' }), 'settings of shop.database.secret: '],
  ['a cluster by its name', { ...good, cluster: 'shop' }, 'settings of shop.cluster: '],
  [
    'an ECS service by its ARN',
    { ...good, slots: { a: { ...slot('a'), service: arn('ecs', 'service/shop/a') }, b: slot('b') } },
    'settings of shop.slots.a.service: expected the name',
  ],
  ['a tool that there is not', migrations({ tool: 'dbmat' }), 'settings of shop.migrations.tool: '],
  [
    'manifests without a folder',
    migrations({ manifests: 's3://releases' }),
    'settings of shop.migrations.manifests: ',
  ],
  ['no subnets', migrations({ subnets: [] }), 'settings of shop.migrations.subnets: '],
  ['a member that is misspelt', { ...good, backeSeconds: 60 }, 'settings of shop: unknown "backeSeconds"'],
  ['a percentage beyond all', { ...good, canaryPercent: 120 }, 'settings of shop.canaryPercent: '],
])('%s fails while the app is synthesised, in the words of a request', (_what, settings, problem) => {
  expect(() => begin(settings)).toThrow(problem);
});

test('all that is wrong is said at once', () => {
  expect(() => begin({ ...good, strategy: 'CANARI', cluster: 'shop' })).toThrow(
    /settings of shop\.cluster: .*\n.*settings of shop\.strategy: /s,
  );
});

test('an imported task definition is refused, not deployed as undefined', () => {
  const imported = (stack: Stack) => ({
    taskDefinitions: [
      FargateTaskDefinition.fromFargateTaskDefinitionArn(
        stack,
        'Imported',
        arn('ecs', 'task-definition/shop:1'),
      ) as never,
    ],
  });
  expect(() => begin(good, imported)).toThrow('has no family, because it is imported');
});

test('what only the deployment of the stack knows is left to the request, and what is beside it is looked at', () => {
  const stack = new Stack(new App(), 'Other');
  const value = new CfnParameter(stack, 'Value').valueAsString;
  const unknown = {
    ...good,
    cluster: value,
    smokeTests: [{ lambda: value }],
    slots: {
      a: { service: value, targetGroup: value, targetGroupFullName: `targetgroup/${value}` },
      b: slot('b'),
    },
    database: { instance: Fn.importValue('Database'), secret: value },
    migrations: { ...good.migrations, manifests: `s3://${value}/shop`, subnets: Fn.split(',', value) },
    strategy: 'CANARI',
  };
  expect(() => begin(unknown)).toThrow(/greenlight\.json:\n {2}settings of shop\.strategy: [^\n]*$/);
});
