import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Schedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { WorkerService } from '../../lib/held/worker-service';
import type { BlueGreenServiceProps } from '../../lib/service/blue-green-props';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import { PureWorker } from '../../lib/service/pure-worker';
import { DeploymentWorkflow } from '../../lib/workflow/workflow';
import { arn, emptyStack, imported, LISTENER, taskDefinitionOf } from './imported';

jest.setTimeout(60_000);

type Change = (stack: Stack, props: BlueGreenServiceProps) => Partial<BlueGreenServiceProps>;

function shopOf(change: Change = () => ({})) {
  const stack = emptyStack();
  const props = imported(stack);
  const shop = new BlueGreenService(stack, 'Shop', { ...props, ...change(stack, props) });
  return { stack, shop, props };
}

/** A text of a template, with `<logical id>` in the place of references. */
function readable(part: unknown): string {
  if (typeof part === 'string') return part;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
    'Fn::Select': select,
    'Fn::Split': split,
  } = part as Record<string, unknown>;
  if (Ref !== undefined) return `<${String(Ref).replace(/[0-9A-F]{8}$/, '')}>`;
  if (Array.isArray(attribute))
    return `<${String(attribute[0]).replace(/[0-9A-F]{8}$/, '')}.${attribute[1]}>`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(readable).join(join[0]);
  if (Array.isArray(select)) return `${readable(select[1])}[${select[0]}]`;
  if (Array.isArray(split)) return `${readable(split[1])} by ${split[0]} `;
  return '<of another stack>';
}

/** The settings that the workflow stores of it, but for the policy of its environment. */
function stored(stack: Stack, shop: BlueGreenService | PureWorker) {
  new DeploymentWorkflow(stack, 'Greenlight', { services: [shop] });
  const [parameter] = Object.values(
    Template.fromStack(stack).findResources('AWS::SSM::Parameter', {
      Properties: { Description: 'How shop is deployed' },
    }),
  );
  const settings = JSON.parse(readable(parameter!.Properties.Value)) as Record<string, unknown>;
  const { service, cluster, taskDefinition, container, repository, slots, traffic, database, ...more } =
    settings;
  const { migrations, maintenance, workers, smokeTests, evidence, streams } = more;
  return {
    ...{ service, cluster, taskDefinition, container, repository, slots, traffic, database },
    ...{ migrations, maintenance, workers, smokeTests, evidence, streams },
  };
}

const slot = (letter: string) => ({
  service: `<ShopSlots${letter}>`,
  targetGroup: `<ShopTargets${letter}>`,
  targetGroupFullName: `<ShopTargets${letter}> by : [5]`,
});

test('a team with everything imported says each fact once, and the settings have all of them', () => {
  const { stack, shop } = shopOf();
  expect(stored(stack, shop)).toEqual({
    service: 'shop',
    cluster: 'arn:<AWS::Partition>:ecs:eu-west-1:123456789012:cluster/tills',
    taskDefinition: 'web',
    container: 'web',
    repository: '123456789012.dkr.ecr.eu-west-1.<AWS::URLSuffix>/shop',
    slots: { a: slot('A'), b: slot('B') },
    traffic: {
      loadBalancer: arn('elasticloadbalancing', 'loadbalancer/app/shop/0123456789abcdef'),
      loadBalancerFullName: 'app/shop/0123456789abcdef',
      productionRule: '<ShopTrafficRulesProduction>',
      otherRules: [],
      testListener: arn('elasticloadbalancing', 'listener/app/shop/0123456789abcdef/tests'),
      testRule: '<ShopTrafficRulesTest>',
    },
    database: { instance: 'shop-db', secret: arn('secretsmanager', 'secret:shop-AbCdEf') },
    migrations: {
      ...{ tool: 'dbmate', opaque: 'refuse', command: ['dbmate', 'up'], revertCommand: [] },
      ...{ manifests: 's3://releases/shop', taskDefinition: 'web', container: 'web' },
      subnets: ['subnet-1', 'subnet-2'],
      securityGroups: ['<ShopSlotsTasks.GroupId>'],
    },
    ...{ workers: [], smokeTests: [], evidence: {} },
  });
  expect(shop.manifestsLocation).toBe('s3://releases/shop');
});

/** Who is let in where. */
const ingressOf = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'))
    .map(
      ({ Properties: { GroupId, SourceSecurityGroupId: from, FromPort } }) =>
        `${readable(from)} to ${readable(GroupId)} at ${FromPort}`,
    )
    .sort();

test('whoever is made for it is let in: the listeners to its tasks, its tasks and the workflow to its database', () => {
  const { stack, shop } = shopOf();
  new DeploymentWorkflow(stack, 'Greenlight', { services: [shop] });
  expect(ingressOf(stack)).toEqual([
    '<GreenlightSecurity.GroupId> to sg-database at 5432',
    '<ShopSlotsTasks.GroupId> to sg-database at 5432',
    'sg-balancer to <ShopSlotsTasks.GroupId> at 8080',
  ]);
});

test('what is imported twice is let in once, because AWS takes no rule twice', () => {
  const stack = emptyStack();
  const shops = ['One', 'Two'].map((id) => {
    const team = new Construct(stack, id);
    const { traffic, ...props } = imported(team);
    const securityGroup = SecurityGroup.fromSecurityGroupId(team, 'Again', 'sg-balancer');
    const { listenerArn } = traffic.test.listener;
    const attributes = { listenerArn, securityGroup };
    const listener = ApplicationListener.fromApplicationListenerAttributes(team, 'TestAgain', attributes);
    return new BlueGreenService(team, 'Shop', {
      ...{ ...props, traffic: { ...traffic, test: { listener } }, serviceName: id },
      taskDefinition: taskDefinitionOf(team, 'Other', id, 8080),
    });
  });
  new DeploymentWorkflow(stack, 'Greenlight', { services: shops });
  expect(ingressOf(stack)).toEqual([
    '<GreenlightSecurity.GroupId> to sg-database at 5432',
    '<OneShopSlotsTasks.GroupId> to sg-database at 5432',
    '<TwoShopSlotsTasks.GroupId> to sg-database at 5432',
    'sg-balancer to <OneShopSlotsTasks.GroupId> at 8080',
    'sg-balancer to <TwoShopSlotsTasks.GroupId> at 8080',
  ]);
});

test('security groups that are given stay as they are', () => {
  const { stack, shop, props } = shopOf((scope) => ({
    securityGroups: [SecurityGroup.fromSecurityGroupId(scope, 'Own', 'sg-own')],
  }));
  new DeploymentWorkflow(stack, 'Greenlight', {
    services: [shop],
    vpc: Vpc.fromVpcAttributes(stack, 'Other', {
      ...{ vpcId: 'vpc-2', availabilityZones: ['eu-west-1a'], privateSubnetIds: ['subnet-9'] },
    }),
    securityGroups: props.database.instance!.connections.securityGroups,
  });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  template.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: { SecurityGroupIds: ['sg-database'], SubnetIds: ['subnet-9'] },
  });
});

test('its database may be of another stack, which need not know of it', () => {
  const stack = emptyStack();
  const other = new Stack(stack.node.scope!, 'Data', {
    env: { region: 'eu-west-1', account: '123456789012' },
  });
  const props = imported(stack);
  const database = new DatabaseInstance(other, 'Database', {
    vpc: Vpc.fromVpcAttributes(other, 'Vpc', {
      ...{ vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'] },
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    }),
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of('18.1', '18') }),
    instanceIdentifier: 'shop-db',
  });
  const shop = new BlueGreenService(stack, 'Shop', {
    ...props,
    database: { instance: database },
  });
  const { database: settings } = stored(stack, shop);
  const exported = '<of another stack>';
  expect(settings).toEqual({ instance: exported, secret: exported });
  expect(other.dependencies).toEqual([]);
  Template.fromStack(other).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
});

test('migrations may run as something else, and elsewhere', () => {
  const { stack, shop } = shopOf((scope, { migrations }) => ({
    assignPublicIp: true,
    migrations: {
      ...migrations,
      ...{ manifestsPrefix: 'all', historyTable: 'tools.history', contractCommand: ['dbmate', 'contract'] },
      taskDefinition: taskDefinitionOf(scope, 'Migrator', 'migrator'),
      containerName: 'migrator',
      vpcSubnets: { availabilityZones: ['eu-west-1b'] },
      securityGroups: [SecurityGroup.fromSecurityGroupId(scope, 'Migrators', 'sg-migrators')],
    },
  }));
  expect(stored(stack, shop).migrations).toEqual({
    ...{ tool: 'dbmate', historyTable: 'tools.history', opaque: 'refuse' },
    ...{ manifests: 's3://releases/all', taskDefinition: 'migrator', container: 'migrator' },
    ...{ command: ['dbmate', 'up'], contractCommand: ['dbmate', 'contract'], revertCommand: [] },
    ...{ subnets: ['subnet-2'], securityGroups: ['sg-migrators'] },
  });
  expect(shop.parts.taskDefinitions.map(({ family }) => family)).toEqual(['web', 'migrator']);
});

test('what only people can decide is said in the words of greenlight.json', () => {
  const { shop } = shopOf(() => ({
    strategy: 'LINEAR',
    bakeSeconds: 120,
    rollback: { warmSeconds: 0 },
    database: { ...imported(emptyStack()).database, roles: ['web', 'jobs'] },
  }));
  expect(shop.settings).toMatchObject({
    ...{ strategy: 'LINEAR', bakeSeconds: 120, rollback: { warmSeconds: 0 } },
    database: { roles: ['web', 'jobs'] },
  });
});

test('a page, further rules, tests, evidence and streams are derived from their constructs', () => {
  const { stack, shop } = shopOf((scope, { traffic }) => ({
    traffic: {
      production: { ...traffic.production, conditions: [ListenerCondition.hostHeaders(['a.example.org'])] },
      others: [{ ...traffic.production, conditions: [ListenerCondition.hostHeaders(['b.example.org'])] }],
      test: { ...traffic.test, host: 'green.example.org' },
    },
    maintenance: { closeSeconds: 60 },
    smokeTests: [
      { path: '/', status: 200 },
      { lambda: LambdaFunction.fromFunctionName(scope, 'Check', 'check') },
      { task: { taskDefinition: taskDefinitionOf(scope, 'Tester', 'tester'), command: ['test'] } },
    ],
    evidence: {
      alarms: [
        new Alarm(scope, 'Slow', {
          metric: new Metric({ namespace: 'Shop', metricName: 'Slow' }),
          ...{ threshold: 1, evaluationPeriods: 1, alarmName: 'slow' },
        }),
      ],
      metrics: [
        {
          ...{
            namespace: 'Shop',
            metric: 'Orders',
            statistic: 'Sum',
            periodSeconds: 60,
            limit: { below: 1 },
          },
          dimensions: ({ slot, serviceName }) => ({ Slot: slot, Service: serviceName }),
        },
      ],
    },
    streams: {
      drainSeconds: 600,
      open: {
        ...{ namespace: 'Shop', metric: 'Open', statistic: 'Maximum', periodSeconds: 60 },
        dimensions: ({ targetGroup }) => ({ TargetGroup: targetGroup!.targetGroupArn }),
      },
    },
  }));
  expect(stored(stack, shop)).toMatchObject({
    traffic: { otherRules: ['<ShopTrafficRulesProduction2>'], testHost: 'green.example.org' },
    maintenance: {
      targetGroup: '<ShopMaintenanceTargets>',
      targetGroupFullName: '<ShopMaintenanceTargets> by : [5]',
      closeSeconds: 60,
    },
    smokeTests: [
      { path: '/', status: 200 },
      { lambda: expect.stringContaining('function:check') },
      { task: { taskDefinition: 'tester', container: 'tester', command: ['test'] } },
    ],
    evidence: {
      alarms: ['<Slow>'],
      metrics: [
        {
          metric: 'Orders',
          dimensions: {
            a: { Slot: 'a', Service: '<ShopSlotsA>' },
            b: { Slot: 'b', Service: '<ShopSlotsB>' },
          },
        },
      ],
    },
    streams: {
      drainSeconds: 600,
      open: { dimensions: { a: { TargetGroup: '<ShopTargetsA>' }, b: { TargetGroup: '<ShopTargetsB>' } } },
    },
  });
  expect(shop.parts.taskDefinitions.map(({ family }) => family)).toEqual(['web', 'tester']);
});

test('what works beside it is named, and may start new revisions', () => {
  const { stack, shop } = shopOf((scope, { cluster }) => {
    const role = (id: string) =>
      Role.fromRoleArn(scope, id, arn('iam', `role/${id}`).replace('eu-west-1', ''));
    const batch = taskDefinitionOf(scope, 'Batch', 'batch');
    return {
      workers: [
        {
          service: new WorkerService(scope, 'Packing', {
            ...{ cluster, desiredCount: 1 },
            taskDefinition: taskDefinitionOf(scope, 'Packer', 'packer'),
          }),
          ...{ moves: 'before', steadySeconds: 5 },
        },
        {
          rule: Rule.fromEventRuleArn(scope, 'Nightly', arn('events', 'rule/nightly')),
          ...{ role: role('nightly'), taskDefinition: batch },
        },
        {
          rule: Rule.fromEventRuleArn(scope, 'Ordered', arn('events', 'rule/orders/ordered')),
          eventBus: EventBus.fromEventBusName(scope, 'Orders', 'orders'),
          ...{ role: role('ordered'), taskDefinition: batch, target: 'Pack' },
        },
        {
          schedule: Schedule.fromScheduleArn(scope, 'Often', arn('scheduler', 'schedule/default/often')),
          ...{ role: role('often'), taskDefinition: batch },
        },
        {
          schedule: Schedule.fromScheduleArn(scope, 'Later', arn('scheduler', 'schedule/default/later')),
          ...{ role: role('later'), taskDefinition: batch, moves: 'never' },
        },
      ],
    };
  });
  const { workers } = stored(stack, shop);
  const jobs = { container: 'batch', taskDefinition: 'batch' };
  expect(workers).toEqual([
    {
      ...{ kind: 'service', service: '<PackingService>', container: 'packer', taskDefinition: 'packer' },
      ...{ moves: 'before', steadySeconds: 5 },
    },
    { kind: 'rule', rule: 'nightly', target: 'Target0', ...jobs },
    { kind: 'rule', rule: 'ordered', eventBus: 'orders', target: 'Pack', ...jobs },
    { kind: 'schedule', schedule: 'often', ...jobs },
  ]);
  const template = Template.fromStack(stack);
  // also what never moves: a day when it does changes no role
  for (const name of ['nightly', 'ordered', 'often', 'later'])
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'ecs:RunTask' })]) },
      Roles: [name],
    });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('PackingTasks'), 'GroupId'] },
  });
});

const TODAY = arn('elasticloadbalancing', 'targetgroup/shop/0123456789abcdef');

test('a service that serves today keeps its name, its target group, its rule and its security groups', () => {
  const { stack, shop } = shopOf((scope, { traffic }) => ({
    adopt: {
      serviceName: 'shop-today',
      targetGroup: ApplicationTargetGroup.fromTargetGroupAttributes(scope, 'Today', {
        targetGroupArn: TODAY,
      }),
    },
    traffic: {
      ...traffic,
      production: { ...traffic.production, adopt: LISTENER.replace('listener/', 'listener-rule/') },
    },
    securityGroups: [SecurityGroup.fromSecurityGroupId(scope, 'Own', 'sg-own')],
  }));
  const { slots, migrations } = stored(stack, shop);
  expect(slots).toMatchObject({
    a: { targetGroup: TODAY, targetGroupFullName: 'targetgroup/shop/0123456789abcdef' },
    b: slot('B'),
  });
  expect(migrations).toMatchObject({ securityGroups: ['sg-own'] });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
  const [adopted] = Object.values(template.findResources('Custom::Slot', { Properties: { Adopt: true } }));
  expect(readable(adopted!.Properties.Service)).toContain('"serviceName":"shop-today"');
});

test('another container than that of the image may take the requests', () => {
  const { stack, shop } = shopOf((_, { taskDefinition }) => {
    taskDefinition.addContainer('proxy', {
      image: ContainerImage.fromRegistry('proxy'),
      portMappings: [{ containerPort: 8443 }],
    });
    return { target: { containerName: 'proxy' } };
  });
  expect(shop.settings.container).toBe('web');
  const [service] = Object.values(Template.fromStack(stack).findResources('Custom::Slot'));
  expect(readable(service!.Properties.Service)).toContain('"containerName":"proxy","containerPort":8443');
});

test('a cluster of Aurora is named as one, its secret is its own, and what its instances are given is passed on', () => {
  const stack = emptyStack();
  const { database: _, ...props } = imported(stack);
  const cluster = new DatabaseCluster(stack, 'Aurora', {
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
    vpc: props.cluster.vpc,
    writer: ClusterInstance.provisioned('Writer'),
    readers: [ClusterInstance.serverlessV2('Reader')],
  });
  const instanceRoles = [Role.fromRoleName(stack, 'Monitoring', 'monitoring')];
  const shop = new BlueGreenService(stack, 'Shop', { ...props, database: { cluster, instanceRoles } });
  expect(stored(stack, shop).database).toEqual({
    cluster: '<Aurora>',
    secret: '<AuroraSecretAttachment>',
  });
  const roles = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  expect(roles).toContain('rds:RestoreDBClusterFromSnapshot');
  expect(roles).toContain(':role/monitoring');
  expect(roles).not.toMatch(/rds:\w*(DBSnapshot|FromDBSnapshot)/);
});

test('a pure worker says the same but for its traffic, and has one slot', () => {
  const stack = emptyStack();
  const { traffic: _, ...props } = imported(stack);
  const shop = new PureWorker(stack, 'Shop', props);
  expect(stored(stack, shop)).toMatchObject({
    slots: { a: { service: '<ShopSlotService>' } },
    traffic: null,
    database: { instance: 'shop-db' },
    migrations: { securityGroups: ['<ShopSlotTasks.GroupId>'] },
  });
});

test('green is asked within the VPC, by an internal load balancer and a listener that is open to nobody else', () => {
  const stack = emptyStack();
  const vpc = new Vpc(stack, 'Own');
  const balancer = new ApplicationLoadBalancer(stack, 'Internal', { vpc, internetFacing: false });
  const listener = (id: string, port: number) => ({
    listener: balancer.addListener(id, {
      ...{ port, protocol: ApplicationProtocol.HTTP, open: false },
      defaultAction: ListenerAction.fixedResponse(404),
    }),
  });
  const traffic = { production: listener('InternalUsers', 80), test: listener('InternalTests', 8080) };
  const shop = new BlueGreenService(stack, 'Shop', { ...imported(stack), traffic });
  const workflow = new DeploymentWorkflow(stack, 'Greenlight', { services: [shop], vpc });
  const [own] = workflow.connections.securityGroups;
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    ...{ FromPort: 8080, ToPort: 8080, IpProtocol: 'tcp' },
    GroupId: stack.resolve(balancer.connections.securityGroups[0]!.securityGroupId),
    SourceSecurityGroupId: stack.resolve(own!.securityGroupId),
  });
  // the function that asks runs in the VPC
  const [asking] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) =>
    id.startsWith('GreenlightSmokeTestGreen'),
  );
  expect(asking![1].Properties.VpcConfig.SecurityGroupIds).toEqual([stack.resolve(own!.securityGroupId)]);
});
