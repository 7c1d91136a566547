import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PackerStack } from '../../lib/example/packer-stack';

jest.setTimeout(60_000);

const template = Template.fromStack(
  new PackerStack(new App({ builtinCloudFormationValidation: false }), 'Packer'),
);

interface Statement {
  Sid?: string;
  Action: string | string[];
}
/** What each function of the workflow may do, by its name. */
const grants = Object.entries(template.findResources('AWS::IAM::Role'))
  .filter(([id]) => id.startsWith('Greenlight'))
  .map(([id, { Properties }]) => ({
    id,
    statements: Properties.Policies[0].PolicyDocument.Statement as Statement[],
  }));

test('a pure worker is one service, by the words of CreateService, and nothing of a load balancer', () => {
  const all = template.toJSON().Resources as Record<string, { Type: string }>;
  const types = Object.values(all).map(({ Type }) => Type);
  expect(
    types.filter((type) => /^AWS::ElasticLoadBalancing|TrafficRule|AWS::ECS::Service/.test(type)),
  ).toEqual([]);
  const [made, ...more] = Object.values(template.findResources('Custom::Slot'));
  expect(more).toEqual([]);
  const service = JSON.stringify(made!.Properties.Service);
  expect(service).toMatch(/desiredCount\W+2\W/);
  expect(service).not.toMatch(/loadBalancers|healthCheckGracePeriod/);
});

test('no function of its workflow may look at a load balancer or change one', () => {
  expect(grants.length).toBeGreaterThan(40);
  const actions = grants.flatMap(({ statements }) => statements.flatMap(({ Action }) => Action));
  expect(actions).toContain('ecs:UpdateService');
  expect(actions.filter((action) => action.startsWith('elasticloadbalancing:'))).toEqual([]);
});

test('only where there is a pure worker may functions ask ECS for the health that a target group would tell', () => {
  const of = (step: string) =>
    grants
      .filter(({ id }) => id.startsWith(`Greenlight${step}Role`))
      .flatMap(({ statements }) => statements.flatMap(({ Sid }) => Sid ?? []));
  for (const step of ['CheckRollout', 'UndoRollout', 'PrepareContract', 'VerifyContract'])
    expect(of(step)).toEqual(expect.arrayContaining(['ListTasks', 'ReadTasks']));
});
