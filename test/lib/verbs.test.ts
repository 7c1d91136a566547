import { App, Stack } from 'aws-cdk-lib';
import { type Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ShopStack } from '../../lib/example/shop-stack';
import type { DeploymentWorkflow } from '../../lib/workflow/workflow';
import { wildcard } from '../../local/iam/match';
import { type Verb, verbs } from '../../src/aws/verbs';

jest.setTimeout(60_000);

const app = new App({ builtinCloudFormationValidation: false, treeMetadata: false });
const shop = new ShopStack(app, 'Shop');
const workflow = shop.node.findChild('Greenlight') as DeploymentWorkflow;
const PIPELINE = ['bundle', 'deploy', 'report'] as const;

interface Statement {
  Sid: string;
  Action: string | string[];
  Resource: unknown;
}
/** References by what they name: `<Journal.Arn>`. */
const named = (resource: unknown): string =>
  typeof resource === 'string'
    ? resource
    : JSON.stringify(resource)
        .replaceAll(/\{"Ref":"(?:AWS::)?(\w+?)(?:[0-9A-F]{8})?"\}/g, '<$1>')
        .replaceAll(/\{"Fn::GetAtt":\["(\w+?)(?:[0-9A-F]{8})?","Arn"\]\}/g, '<$1.Arn>')
        .replaceAll(/^\{"Fn::Join":\["",\[|\]\]\}$|","|,(?=<)|"/g, '')
        .replaceAll(/(?<=>),/g, '');
const statementsOf = (...some: Verb[]): Statement[] => shop.resolve(workflow.policyOf(...some)).Statement;
const rightsIn = (statements: Statement[]) =>
  statements.flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((one) => [action, named(one)])),
  );
const rights = (...some: Verb[]) => rightsIn(statementsOf(...some));

it('a pipeline may start deployments, follow them and say which migrations an image brings, and nothing else', () => {
  const here = '<Partition>:states:<Region>:<AccountId>';
  expect(rights(...PIPELINE).sort()).toEqual([
    ['dynamodb:GetItem', '<GreenlightJournal.Arn>'],
    ['dynamodb:Query', '<GreenlightJournal.Arn>'],
    ['s3:GetObject', '<GreenlightReports.Arn>/reports/Shop/*.html'],
    ['s3:PutObject', `arn:<Partition>:s3:::<Manifests>/shop/${'?'.repeat(64)}.json`],
    ['ssm:GetParameter', 'arn:<Partition>:ssm:<Region>:<AccountId>:parameter/greenlight/Shop'],
    ['states:DescribeExecution', `arn:${here}:execution:Shop-Greenlight:*`],
    ['states:StartExecution', `arn:${here}:stateMachine:Shop-Greenlight`],
  ]);
});

it.each([
  ['the manifest of a release', `shop/${'0a'.repeat(32)}.json`, true],
  ['the note that an image has succeeded in staging', `shop/${'0a'.repeat(32)}.staging.json`, false],
  ['the manifest of a service beside it', `search/${'0a'.repeat(32)}.json`, false],
])('a pipeline may write %s: %s, %s', (_, key, expected) => {
  const [, pattern = ''] = rights('bundle')[0]!;
  expect(wildcard(pattern.replace('<Manifests>', 'releases'), `arn:<Partition>:s3:::releases/${key}`)).toBe(
    expected,
  );
});

it('no two statements of a policy have one name, whichever verbs are asked for', () => {
  const names = Object.keys(verbs) as Verb[];
  const sids = statementsOf(...names).map(({ Sid }) => Sid);
  expect(sids.filter((sid, index) => sids.indexOf(sid) !== index)).toEqual([]);
});

it('verbs that are granted one after the other allow what they allow together', () => {
  const stack = new Stack(app, 'Pipelines');
  const allowed = (id: string, grant: (role: Role) => void) => {
    const role = new Role(stack, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    grant(role);
    const { document } = role.node.findChild('DefaultPolicy') as Policy;
    return new Set(rightsIn(stack.resolve(document).Statement).map(String));
  };
  const apart = allowed('One', (role) => {
    for (const verb of PIPELINE) workflow.grantVerbs(role, verb);
  });
  expect(apart).toEqual(allowed('Two', (role) => workflow.grantVerbs(role, ...PIPELINE)));
});
