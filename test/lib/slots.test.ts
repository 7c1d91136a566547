import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationProtocol,
  ApplicationTargetGroup,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type SlotService, Slots, type SlotsProps } from '../../lib/slots';
import { TrafficRules } from '../../lib/traffic-rule';
import { DeploymentWorkflow } from '../../lib/workflow';
import { exampleSettings } from '../input/parser';

jest.setTimeout(60_000);

interface Slot {
  serviceName: string;
  desiredCount: number;
  loadBalancers: { containerName: string; containerPort: number }[];
}

function world(port: number | undefined = 8080) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  const vpc = new Vpc(stack, 'Vpc');
  const cluster = new Cluster(stack, 'Cluster', { vpc });
  const taskDefinition = new FargateTaskDefinition(stack, 'Task', { family: 'shop' });
  taskDefinition.addContainer('shop', {
    image: ContainerImage.fromRegistry('shop'),
    portMappings: port ? [{ containerPort: port }] : undefined,
  });
  const group = (id: string) =>
    new ApplicationTargetGroup(stack, id, {
      ...{ vpc, port: 80, protocol: ApplicationProtocol.HTTP, targetType: TargetType.IP },
    });
  const targetGroups = { a: group('A'), b: group('B') };
  const listener = (id: string) => ({
    listener: ApplicationListener.fromApplicationListenerAttributes(stack, id, {
      listenerArn: `arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/shop/1/${id}`,
      securityGroup: new SecurityGroup(stack, `Security${id}`, { vpc }),
    }),
  });
  const behind = new TrafficRules(stack, 'Traffic', {
    ...{ first: targetGroups.a, second: targetGroups.b },
    ...{ production: listener('Production'), test: listener('Test') },
  });
  const slots = (own: Partial<SlotsProps> = {}) =>
    new Slots(stack, 'Slots', { cluster, taskDefinition, targetGroups, desiredCount: 3, behind, ...own });
  const workflow = (own: SlotService[]) =>
    new DeploymentWorkflow(stack, 'Greenlight', {
      vpc,
      securityGroup: new SecurityGroup(stack, 'Security', { vpc }),
      services: [
        {
          settings: exampleSettings(),
          ...{ cluster, slots: own, taskDefinitions: [taskDefinition] },
          repository: Repository.fromRepositoryName(stack, 'Repository', 'shop'),
          manifests: new Bucket(stack, 'Manifests'),
        },
      ],
    });
  return { stack, vpc, cluster, taskDefinition, slots, workflow };
}

/** A text of a template, with references as their JSON. */
const joined = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : 'reference'))
        .join('');

test('the template declares no service, and both slots by the words of CreateService', () => {
  const { stack, slots } = world();
  slots();
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::ECS::Service', 0);
  const made = Object.values(template.findResources('Custom::Slot')).map(
    ({ Properties }) => JSON.parse(joined(Properties.Service)) as Slot,
  );
  expect(made).toMatchObject([
    { desiredCount: 3, loadBalancers: [{ containerName: 'shop', containerPort: 8080 }] },
    { desiredCount: 0 },
  ]);
  expect(made[0]!.serviceName).not.toBe(made[1]!.serviceName);
});

/** The custom resources of the slots, and what stays when the stack goes, by type. */
function fates(stack: Stack) {
  const resources = Object.entries<{ Type: string; DeletionPolicy?: string; Properties: never }>(
    Template.fromStack(stack).toJSON().Resources,
  );
  return {
    slots: resources.flatMap(([, { Type, Properties }]) =>
      Type === 'Custom::Slot'
        ? [Properties as { Service: unknown; Adopt?: boolean; StayWith?: unknown[] }]
        : [],
    ),
    stay: resources.flatMap(([id, { DeletionPolicy }]) => (DeletionPolicy === 'Retain' ? [id] : [])),
  };
}

test('a service that is adopted is slot a by its name, and with the other one stays as long as users are on it', () => {
  const { stack, vpc, slots } = world();
  const securityGroups = [new SecurityGroup(stack, 'Own', { vpc })];
  slots({ adopt: 'shop-today', securityGroups });
  const { slots: made, stay } = fates(stack);
  const [a, b] = made.map(({ Service }) => joined(Service));
  expect(a).toContain('"serviceName":"shop-today"');
  expect(b).not.toContain('shop-today');
  expect(made).toMatchObject([
    { Adopt: true, StayWith: [{ Ref: expect.stringMatching(/^TrafficProduction/) }] },
    { StayWith: [{ Ref: expect.stringMatching(/^TrafficProduction/) }] },
  ]);
  expect(made[1]).not.toHaveProperty('Adopt');
  // a task cannot run without any of these
  for (const needed of [/^Task[0-9A-F]{8}$/, /^TaskTaskRole/, /^A[0-9A-F]{8}$/, /^B[0-9A-F]{8}$/, /^Own/])
    expect(stay).toContainEqual(expect.stringMatching(needed));
});

test('what a template still declares is not adopted', () => {
  const { stack, cluster, taskDefinition, slots } = world();
  const declared = new FargateService(stack, 'Declared', { cluster, taskDefinition });
  expect(() => slots({ adopt: declared.serviceName })).toThrow(
    'Shop/Slots.adopt: expected what no template declares any more, received Shop/Declared/Service; deploy it with RemovalPolicy.RETAIN',
  );
});

test('tasks get public addresses where they are told to', () => {
  const { stack, slots } = world();
  slots({ assignPublicIp: true, subnets: { subnetType: SubnetType.PUBLIC } });
  for (const { Service } of fates(stack).slots)
    expect(joined(Service)).toContain('"assignPublicIp":"ENABLED"');
});

test('slots that are made go with their stack, unless it says otherwise', () => {
  const { stack, slots } = world();
  slots();
  const { slots: made, stay } = fates(stack);
  for (const slot of made) expect(Object.keys(slot)).toEqual(['ServiceToken', 'Service']);
  expect(stay).toEqual([]);
  const other = world();
  other.slots({ removalPolicy: RemovalPolicy.RETAIN });
  expect(fates(other.stack).slots).toMatchObject([{ StayWith: [{}] }, { StayWith: [{}] }]);
});

test('a task definition without a port is refused by its container', () => {
  const { slots } = world(0);
  expect(slots).toThrow(/Container shop hasn't defined any ports/);
});

test('what a stack replaces of revisions and versions stays, because something may still run it', () => {
  const { stack, slots, workflow } = world();
  const { a, b } = slots();
  workflow([a, b]);
  const template = Template.fromStack(stack);
  const policies = (type: string) =>
    Object.values(template.findResources(type)).map(({ DeletionPolicy, UpdateReplacePolicy }) => [
      DeletionPolicy,
      UpdateReplacePolicy,
    ]);
  expect(policies('AWS::ECS::TaskDefinition')).toEqual([[undefined, 'Retain']]);
  const versions = policies('AWS::Lambda::Version');
  expect(versions.length).toBeGreaterThan(40);
  // one of an update that is rolled back goes: Lambda would publish the same code no second time
  expect(new Set(versions.map(String))).toEqual(new Set(['RetainExceptOnCreate,Retain']));
});

test('a slot that the template declares itself is warned of', () => {
  const { stack, cluster, taskDefinition, slots, workflow } = world();
  const { a } = slots();
  workflow([a, new FargateService(stack, 'Declared', { cluster, taskDefinition })]);
  const warned = Annotations.fromStack(stack).findWarning(
    '*',
    Match.stringLikeRegexp('let Slots make the slots'),
  );
  expect(warned.map(({ id }) => id)).toEqual(['/Shop/Declared']);
});
