import { App, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PackerStack } from '../../lib/example/packer-stack';
import { ShopStack } from '../../lib/example/shop-stack';
import type { DeploymentWorkflow } from '../../lib/workflow/workflow';

jest.setTimeout(60_000);

const app = new App({ builtinCloudFormationValidation: false, treeMetadata: false });
const shop = new ShopStack(app, 'Shop');
const pipeline = new Role(shop, 'Pipeline', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
(shop.node.findChild('Greenlight') as DeploymentWorkflow).grantVerbs(pipeline, 'bundle', 'deploy', 'report');
new PackerStack(app, 'Packer');
const served = new ShopStack(app, 'Served', { api: true });
const caller = new Role(served, 'Caller', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
(served.node.findChild('Greenlight') as DeploymentWorkflow).grantApi(caller);

interface Finding {
  rule: string;
  path: string;
}
const findingsOf = (checks: AwsSolutionsChecks, scope = app): Finding[] =>
  checks
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ rule: ruleName, path: constructPath })),
    );
/** Also those that have a reason. */
const all = findingsOf(Object.assign(new AwsSolutionsChecks(app), { isAcknowledged: () => false }));

it('cdk-nag finds nothing in the examples that has no reason beside it', () => {
  expect(all.length).toBeGreaterThan(100);
  expect(findingsOf(new AwsSolutionsChecks(app))).toEqual([]);
});

it('no reason stands beside what is not found', () => {
  const reasons = app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data as object))
      .map((rule) => ({ rule: rule.replace(/^annotation::/i, ''), path: node.path }))
      .filter(({ rule }) => rule.startsWith('AwsSolutions-')),
  );
  const isFound = ({ rule, path }: Finding) =>
    all.some((finding) => finding.rule === rule && `${finding.path}/`.startsWith(`${path}/`));
  expect(reasons.filter((reason) => !isFound(reason))).toEqual([]);
});

it('finds what has no reason', () => {
  const other = new App();
  new Bucket(new Stack(other, 'Other'), 'Open');
  expect(findingsOf(new AwsSolutionsChecks(other), other).map(({ rule }) => rule)).toContain(
    'AwsSolutions-S1',
  );
});
