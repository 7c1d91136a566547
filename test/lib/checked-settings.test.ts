import { CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationTargetGroup,
  NetworkListener,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { DatabaseCluster, DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { BlueGreenServiceProps } from '../../lib/service/blue-green-props';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import { PureWorker } from '../../lib/service/pure-worker';
import { networkOf } from '../../lib/workflow/network';
import { DeploymentWorkflow } from '../../lib/workflow/workflow';
import { arn, emptyStack, imported, LISTENER, taskDefinitionOf } from './imported';

jest.setTimeout(60_000);

/** Also what no compiler would let pass: an app may be of JavaScript. */
type Change = (stack: Stack, props: BlueGreenServiceProps) => object;

/** Begins the workflow of a service with these props; nothing is bundled before they are looked at. */
function begin(change: Change): void {
  const stack = emptyStack();
  const props = imported(stack);
  const shop = new BlueGreenService(stack, 'Shop', { ...props, ...change(stack, props) });
  new DeploymentWorkflow(stack, 'Greenlight', { services: [shop] });
}

const listener = (stack: Stack, listenerArn: string) =>
  ApplicationListener.fromApplicationListenerAttributes(stack, 'Other', {
    listenerArn,
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Security', 'sg-1'),
  });
const today = (stack: Stack) =>
  ApplicationTargetGroup.fromTargetGroupAttributes(stack, 'Today', {
    targetGroupArn: arn('elasticloadbalancing', 'targetgroup/shop/0123456789abcdef'),
  });
const instance = (stack: Stack, instanceIdentifier: string) =>
  DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Other', {
    ...{ instanceIdentifier, instanceEndpointAddress: 'db.example.org', port: 5432, securityGroups: [] },
  });

const aurora = (stack: Stack, clusterIdentifier: string) =>
  DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Aurora', { clusterIdentifier });

test.each<[string, Change, string]>([
  ['a strategy that is misspelt', () => ({ strategy: 'CANARI' }), 'Shop.strategy: '],
  ['a prop that there is not', () => ({ backeSeconds: 60 }), 'Shop: unknown "backeSeconds"'],
  ['a percentage beyond all', () => ({ canaryPercent: 120 }), 'Shop.canaryPercent: '],
  ['no name', () => ({ serviceName: '' }), 'Shop.serviceName: expected letters, digits and hyphens'],
  [
    'a name that no request can say',
    () => ({ serviceName: 'our_shop' }),
    'Shop.serviceName: expected letters, digits and hyphens, at most 63, received "our_shop"',
  ],
  [
    'a name in the place of a cluster',
    () => ({ cluster: 'tills' }),
    'Shop.cluster: expected an Amazon ECS cluster with its VPC, received "tills"',
  ],
  [
    'an ARN in the place of a listener',
    (_, { traffic }) => ({ traffic: { ...traffic, production: { listener: LISTENER } } }),
    'Shop.traffic.production.listener: expected the listener of its users, of an application load balancer, received "arn:aws:elasticloadbalancing:',
  ],
  [
    'an identifier in the place of an instance',
    (_, { database }) => ({ database: { ...database, instance: 'shop-db' } }),
    'Shop.database.instance: expected its database instance, or `cluster` in its place, because every deployment belongs to a database, received "shop-db"',
  ],
  [
    'a listener of a network load balancer, as one of its kind',
    (stack, { traffic }) => ({
      traffic: {
        ...traffic,
        production: { listener: NetworkListener.fromNetworkListenerArn(stack, 'Network', LISTENER) },
      },
    }),
    'Shop.traffic.production.listener: expected the listener of its users, of an application load balancer, received Releases/Network',
  ],
  [
    'fewer tasks than none',
    () => ({ desiredCount: -1 }),
    'Shop.desiredCount: expected a whole number of tasks, 0 or more, received -1',
  ],
  [
    'a count as text',
    () => ({ desiredCount: '2' }),
    'Shop.desiredCount: expected a whole number of tasks, 0 or more, received "2"',
  ],
  [
    'a cluster of Aurora in the place of an instance',
    (stack, { database }) => ({ database: { ...database, instance: aurora(stack, 'shop') } }),
    'Shop.database.instance: expected its database instance, or `cluster` in its place, because every deployment belongs to a database, received Releases/Aurora',
  ],
  [
    'an instance in the place of a cluster of Aurora',
    (stack, { database: { secret } }) => ({ database: { secret, cluster: instance(stack, 'shop-db') } }),
    'Shop.database.cluster: expected a DB cluster of Amazon Aurora, received Releases/Other',
  ],
  [
    'a member of the database that there is not',
    (_, { database }) => ({ database: { ...database, role: ['shop'] } }),
    'Shop.database: unknown "role"',
  ],
  [
    'an address in the place of a host for tests',
    (_, { traffic }) => ({
      traffic: { ...traffic, test: { ...traffic.test, host: 'https://green.example.org' } },
    }),
    'Shop.traffic.test.host: expected the name of a host, such as green.example.org, received "https:',
  ],
  [
    'a service to adopt without its target group',
    () => ({ adopt: { serviceName: 'shop' } }),
    'Shop.adopt.targetGroup: expected the target group in which it serves, received nothing',
  ],
  [
    'a VPC without private subnets',
    (stack) => {
      const vpc = Vpc.fromVpcAttributes(stack, 'Open', {
        ...{ vpcId: 'vpc-2', availabilityZones: ['eu-west-1a'], publicSubnetIds: ['subnet-3'] },
      });
      const cluster = Cluster.fromClusterAttributes(stack, 'Tills', { clusterName: 'tills', vpc });
      return { cluster, assignPublicIp: true };
    },
    'Greenlight.vpc: expected a VPC with private subnets, because AWS Lambda gives a function no public address; received Releases/Open',
  ],
  [
    'dimensions of no slot',
    () => ({
      evidence: {
        metrics: [
          {
            ...{
              namespace: 'Shop',
              metric: 'Orders',
              statistic: 'Sum',
              periodSeconds: 60,
              limit: { above: 1 },
            },
            dimensions: { a: { Slot: 'a' }, b: { Slot: 'b' } },
          },
        ],
      },
    }),
    'Shop.evidence.metrics.0.dimensions: expected a function that is asked for those of each slot',
  ],
  [
    'a network load balancer',
    (stack, { traffic }) => ({
      traffic: {
        ...traffic,
        production: {
          listener: listener(stack, arn('elasticloadbalancing', 'listener/net/shop/0123456789abcdef/1')),
        },
      },
    }),
    'Shop.traffic.production.listener: expected the ARN of an application load balancer',
  ],
  [
    'a listener by its port',
    (stack, { traffic }) => ({ traffic: { ...traffic, test: { listener: listener(stack, '8080') } } }),
    'Shop.traffic.test.listener: expected the ARN of a listener',
  ],
  [
    'a host for tests that is none',
    (_, { traffic }) => ({ traffic: { ...traffic, test: { ...traffic.test, host: '' } } }),
    'Shop.traffic.test.host: ',
  ],
  [
    'no listener for tests',
    (_, { traffic }) => ({ traffic: { production: traffic.production } }),
    'Shop.traffic.test.listener: expected a listener of it by which green is asked, received nothing',
  ],
  [
    'no traffic',
    () => ({ traffic: undefined }),
    'Shop.traffic: expected the listeners of its users and of its tests, received nothing',
  ],
  [
    'no slot to adopt for a rule to adopt',
    (_, { traffic }) => ({ traffic: { ...traffic, production: { ...traffic.production, adopt: 'rule' } } }),
    'Shop.adopt: expected the service that serves by rule',
  ],
  [
    'an ECS service by its ARN',
    (stack) => ({ adopt: { serviceName: arn('ecs', 'service/shop/a'), targetGroup: today(stack) } }),
    'Shop.adopt.serviceName: expected the name of an Amazon ECS service, received arn:',
  ],
  [
    'an ECS service that a template still declares',
    (stack, { cluster, taskDefinition }) => {
      const { serviceName } = new FargateService(stack, 'Declared', { cluster, taskDefinition });
      return { adopt: { serviceName, targetGroup: today(stack) } };
    },
    'Shop.adopt.serviceName: expected what no template declares any more, received Releases/Declared/Service; deploy it with RemovalPolicy.RETAIN',
  ],
  [
    'a target that no container is',
    () => ({ target: { containerName: 'proxy' } }),
    'Shop.target.containerName: expected a container of Releases/Task, received proxy',
  ],
  [
    'a container that there is not',
    () => ({ containerName: 'shop' }),
    'Shop.containerName: expected a container of Releases/Task, received shop',
  ],
  [
    'a task definition without a container',
    (stack) => ({ taskDefinition: new FargateTaskDefinition(stack, 'Empty', { family: 'empty' }) }),
    'Shop.taskDefinition: expected a task definition with an essential container',
  ],
  [
    'an imported task definition',
    (stack) => ({
      taskDefinition: FargateTaskDefinition.fromFargateTaskDefinitionArn(
        stack,
        'Imported',
        arn('ecs', 'task-definition/shop:1'),
      ),
    }),
    'Shop.taskDefinition: expected one that is made in this app, received one that is imported and has no family',
  ],
  [
    'an instance whose name leaves no room for a restored one',
    (stack, { database }) => ({ database: { ...database, instance: instance(stack, 'x'.repeat(60)) } }),
    'Shop.database.instance: expected at most 54 characters, because a restored one has nine more',
  ],
  [
    'a cluster whose name leaves no room for its snapshots',
    (stack, { database: { secret } }) => ({ database: { secret, cluster: aurora(stack, 'x'.repeat(52)) } }),
    'Shop.database.cluster: expected at most 51 characters',
  ],
  [
    'an instance and a cluster at once',
    (stack, { database }) => ({ database: { ...database, cluster: aurora(stack, 'shop') } }),
    'Shop.database.cluster: expected nothing beside database.instance',
  ],
  [
    'an identifier in the place of a cluster of Aurora',
    () => ({ database: { cluster: 'shop' } }),
    'Shop.database.cluster: expected a DB cluster of Amazon Aurora, received "shop"',
  ],
  [
    'a database that is missing',
    () => ({ database: undefined }),
    'Shop.database.instance: expected its database instance, or `cluster` in its place, because every deployment belongs to a database, received nothing',
  ],
  [
    'an imported instance without a secret',
    (stack) => ({ database: { instance: instance(stack, 'shop-db') } }),
    'Shop.database.secret: expected the secret of the database, received nothing',
  ],
  [
    'a secret by its name',
    (stack, { database }) => ({
      database: { ...database, secret: Secret.fromSecretNameV2(stack, 'Named', 'shop') },
    }),
    'Shop.database.secret: expected a secret with its complete ARN, received one by its name',
  ],
  [
    'a tool that there is not',
    (_, { migrations }) => ({ migrations: { ...migrations, tool: 'dbmat' } }),
    'Shop.migrations.tool: ',
  ],
  [
    'no bucket of manifests',
    (_, { migrations }) => ({ migrations: { ...migrations, manifests: undefined } }),
    'Shop.migrations.manifests: expected the bucket of its manifests, received nothing',
  ],
  [
    'manifests without a folder',
    (_, { migrations }) => ({ migrations: { ...migrations, manifestsPrefix: '' } }),
    'Shop.migrations.manifests: expected s3://bucket/prefix',
  ],
  [
    'a container that runs no migrations',
    (_, { migrations }) => ({ migrations: { ...migrations, containerName: 'migrator' } }),
    'Shop.migrations.containerName: expected a container of Releases/Task, received migrator',
  ],
  [
    'a test that is none',
    () => ({ smokeTests: [{ path: 'version', status: 200 }] }),
    'Shop.smokeTests.0.path: ',
  ],
  [
    'a metric without a bound',
    () => ({
      evidence: {
        metrics: [
          {
            ...{ namespace: 'Shop', metric: 'Orders', statistic: 'Sum', periodSeconds: 60 },
            dimensions: ({ slot }: { slot: string }) => ({ slot }),
          },
        ],
      },
    }),
    'Shop.evidence.metrics.0: expected exactly one of limit and comparison',
  ],
  [
    'a metric of which nobody can tell green from blue',
    () => ({
      evidence: {
        metrics: [
          {
            ...{
              namespace: 'Shop',
              metric: 'Orders',
              statistic: 'Sum',
              periodSeconds: 60,
              limit: { above: 1 },
            },
            dimensions: () => ({ Service: 'shop' }),
          },
        ],
      },
    }),
    'Shop.evidence.metrics.0.dimensions: expected other dimensions for slot a than for slot b',
  ],
  [
    'a worker that does not say what it runs',
    () => ({
      workers: [{ service: { serviceName: 'packer', serviceArn: arn('ecs', 'service/tills/packer') } }],
    }),
    'Shop.workers.0.taskDefinition: expected what the worker runs, received nothing',
  ],
  [
    'a worker twice',
    (stack) => {
      const service = { serviceName: 'packer', serviceArn: arn('ecs', 'service/tills/packer') };
      const worker = { service, taskDefinition: taskDefinitionOf(stack, 'Packer', 'packer') };
      return { workers: [worker, worker] };
    },
    'Shop.workers.1: expected each worker once, received packer again',
  ],
])('%s fails while the app is synthesised, by the name of the prop', (_what, change, problem) => {
  expect(() => begin(change)).toThrow(`Releases/${problem}`);
});

test('all that is wrong is said at once', () => {
  expect(() => begin(() => ({ strategy: 'CANARI', validation: 'thorough' }))).toThrow(
    /Releases\/Shop cannot be deployed; mend its props, or what greenlight\.json says of staging:\n.*Shop\.validation: .*\n.*Shop\.strategy: /s,
  );
  expect(() => begin(() => ({ database: undefined, cluster: undefined }))).toThrow(
    /Shop\.cluster: .*\n.*Shop\.database\.instance: /s,
  );
});

test('what is no service is refused by its place, as are none', () => {
  const begun = (services: unknown) => () =>
    new DeploymentWorkflow(emptyStack(), 'Greenlight', { services: services as never });
  expect(begun([{ settings: {} }])).toThrow(
    /\.services\.0: expected a BlueGreenService or a PureWorker, received object/,
  );
  expect(begun(undefined)).toThrow(/\.services: expected a list of those that it deploys, received nothing/);
});

test('whoever imports a database without its security groups is told that the stack lets nobody into it', () => {
  const told = (change: Change) => {
    const stack = emptyStack();
    const props = imported(stack);
    const shop = new BlueGreenService(stack, 'Shop', { ...props, ...change(stack, props) });
    networkOf(stack, { services: [shop] });
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('lets nobody into it'));
  };
  expect(told(() => ({}))).toEqual([]);
  expect(
    told((stack, { database: { secret } }) => ({ database: { secret, cluster: aurora(stack, 'shop') } })),
  ).toEqual([
    expect.objectContaining({
      entry: expect.objectContaining({
        data: expect.stringContaining('Releases/Shop.database: its security groups'),
      }),
    }),
  ]);
});

test('of a pure worker what only users could have is refused', () => {
  const stack = emptyStack();
  const { traffic: _, ...props } = imported(stack);
  const packer = new PureWorker(stack, 'Packer', { ...props, smokeTests: [{ path: '/', status: 200 }] });
  expect(() => new DeploymentWorkflow(stack, 'Greenlight', { services: [packer] })).toThrow(
    'Releases/Packer.smokeTests.0: expected a function or a task',
  );
});

test('what only the deployment of the stack knows is left to the request, and what is beside it is looked at', () => {
  const unknown: Change = (stack, { database, migrations }) => {
    const value = new CfnParameter(stack, 'Value').valueAsString;
    const service = (serviceName: string) => ({
      serviceName,
      serviceArn: arn('ecs', `service/${serviceName}`),
    });
    const taskDefinition = taskDefinitionOf(stack, 'Packer', 'packer');
    return {
      database: {
        instance: instance(stack, Fn.importValue('Database')),
        secret: Secret.fromSecretCompleteArn(stack, 'Unknown', value),
      },
      migrations: { ...migrations, manifests: Bucket.fromBucketName(stack, 'Bucket', value) },
      // two that nobody knows yet are two
      workers: [value, Fn.importValue('Packer')].map((name) => ({ service: service(name), taskDefinition })),
      strategy: 'CANARI',
      options: { tags: [{ key: 'database', value: String(database.instance?.instanceIdentifier) }] },
    };
  };
  expect(() => begin(unknown)).toThrow(/of staging:\n {2}Releases\/Shop\.strategy: [^\n]*$/);
});
