import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ShopStack } from '../../lib/example/shop-stack';
import type { DeploymentWorkflow } from '../../lib/workflow/workflow';
import { operations, routeKey } from '../../src/domain/api/operations';

jest.setTimeout(60_000);

const app = new App({ builtinCloudFormationValidation: false, treeMetadata: false });
const workflowIn = (stack: ShopStack) => stack.node.findChild('Greenlight') as DeploymentWorkflow;
const bare = new ShopStack(app, 'Bare');
const served = new ShopStack(app, 'Served', { api: true });
const readerIn = (stack: ShopStack) =>
  new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
const reader = readerIn(bare);
workflowIn(served).grantApi(readerIn(served), 'get', 'list');

it('there is none unless it is asked for, and nobody can be allowed to call it', () => {
  const template = Template.fromStack(bare);
  template.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
  expect(JSON.stringify(template.toJSON())).not.toContain('ServeApi');
  expect(() => workflowIn(bare).grantApi(reader)).toThrow(
    'Bare/Greenlight has no HTTP API; set api: true of its DeploymentWorkflow',
  );
});

it('has a route for every operation, which IAM guards, and one function behind them', () => {
  const template = Template.fromStack(served);
  const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
  expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual(
    Object.values(operations).map(routeKey).sort(),
  );
  expect(new Set(routes.map(({ Properties }) => Properties.AuthorizationType))).toEqual(new Set(['AWS_IAM']));
  template.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
    AccessLogSettings: { Format: Match.stringLikeRegexp('identity.userArn') },
  });
  template.hasOutput('*', { Description: 'Where the HTTP API is' });
});

it('who may read may call those two routes and no other', () => {
  const policies = Template.fromStack(served).findResources('AWS::IAM::Policy');
  const [policy] = Object.values(policies).filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes('Reader'),
  );
  const [{ Action, Resource }] = policy!.Properties.PolicyDocument.Statement;
  expect(Action).toBe('execute-api:Invoke');
  expect(Resource.map((one: unknown) => /\/\$default\/[^"]*/.exec(JSON.stringify(one))?.[0])).toEqual([
    '/$default/GET/deployments/*',
    '/$default/GET/deployments',
  ]);
});
