import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationTargetGroup, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { BlueGreenServiceProps } from '../../lib/service/blue-green-props';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import { DeploymentWorkflow } from '../../lib/workflow/workflow';
import { imported, taskDefinitionOf } from './imported';

jest.setTimeout(60_000);

interface Slot {
  serviceName: string;
  desiredCount: number;
  loadBalancers: { containerName: string; containerPort: number }[];
}

/** A stack with a service behind a load balancer. */
function world(
  change: (stack: Stack, props: BlueGreenServiceProps) => Partial<BlueGreenServiceProps> = () => ({}),
) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  const props = imported(stack);
  const shop = new BlueGreenService(stack, 'Shop', { ...props, ...change(stack, props) });
  return { stack, shop };
}

const adopting = (stack: Stack) => ({
  securityGroups: [new SecurityGroup(stack, 'Own', { vpc: new Vpc(stack, 'Other') })],
  adopt: {
    serviceName: 'shop-today',
    targetGroup: new ApplicationTargetGroup(stack, 'Today', {
      ...{ vpc: new Vpc(stack, 'Again'), port: 80, targetType: TargetType.IP },
    }),
  },
});

/** A text of a template, with references as their JSON. */
const joined = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : 'reference'))
        .join('');

test('the template declares no service, and both slots by the words of CreateService', () => {
  const { stack } = world();
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::ECS::Service', 0);
  const made = Object.values(template.findResources('Custom::Slot')).map(
    ({ Properties }) => JSON.parse(joined(Properties.Service)) as Slot,
  );
  expect(made).toMatchObject([
    { desiredCount: 3, loadBalancers: [{ containerName: 'web', containerPort: 8080 }] },
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
  const { stack } = world(adopting);
  const { slots: made, stay } = fates(stack);
  const [a, b] = made.map(({ Service }) => joined(Service));
  expect(a).toContain('"serviceName":"shop-today"');
  expect(b).not.toContain('shop-today');
  const production = { Ref: expect.stringMatching(/^ShopTrafficRulesProduction/) };
  expect(made).toMatchObject([{ Adopt: true, StayWith: [production] }, { StayWith: [production] }]);
  expect(made[1]).not.toHaveProperty('Adopt');
  // a task cannot run without any of these
  for (const needed of [/^Task[0-9A-F]{8}$/, /^TaskTaskRole/, /^Today[0-9A-F]{8}$/, /^ShopTargetsB/, /^Own/])
    expect(stay).toContainEqual(expect.stringMatching(needed));
});

test('tasks get public addresses where they are told to', () => {
  const { stack } = world(() => ({ assignPublicIp: true }));
  for (const { Service } of fates(stack).slots)
    expect(joined(Service)).toContain('"assignPublicIp":"ENABLED"');
});

test('slots that are made go with their stack, unless it says otherwise', () => {
  const { slots: made, stay } = fates(world().stack);
  for (const slot of made) expect(Object.keys(slot)).toEqual(['ServiceToken', 'Service']);
  expect(stay).toEqual([]);
  const other = world(() => ({ removalPolicy: RemovalPolicy.RETAIN }));
  expect(fates(other.stack).slots).toMatchObject([{ StayWith: [{}] }, { StayWith: [{}] }]);
});

test('a task definition without a port is refused by its container', () => {
  expect(() => world((stack) => ({ taskDefinition: taskDefinitionOf(stack, 'Silent', 'silent') }))).toThrow(
    /Container silent hasn't defined any ports/,
  );
});

test('what a stack replaces of revisions and versions stays, because something may still run it', () => {
  const { stack, shop } = world();
  new DeploymentWorkflow(stack, 'Greenlight', { services: [shop] });
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
