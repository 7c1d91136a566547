import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ShopStack } from '../../lib/example/shop-stack';
import type { BlueGreenService } from '../../lib/service/blue-green-service';
import type { DeployedService } from '../../lib/service/deployed-service';
import type { PushedImage } from '../../lib/workflow/pushed-image';
import type { DeploymentWorkflow } from '../../lib/workflow/workflow';
import { patternOf } from '../../local/services/events/rules';

jest.setTimeout(60_000);

const shop = new ShopStack(new App({ builtinCloudFormationValidation: false, treeMetadata: false }), 'Shop');
const workflow = shop.node.findChild('Greenlight') as DeploymentWorkflow;
const service = shop.node.findChild('Shop') as BlueGreenService;
const rule = workflow.startOnPush('OnRelease', { service, tags: ['release-*', 'hotfix'] });
const { EventPattern, Targets } = shop.resolve(
  (rule.node.defaultChild as unknown as { _toCloudFormation(): object })._toCloudFormation(),
).Resources[shop.getLogicalId(rule.node.defaultChild as never)].Properties;
const isStarted = patternOf(JSON.stringify(EventPattern));

const pushed = (detail: object) => ({
  ...{ source: 'aws.ecr', 'detail-type': 'ECR Image Action' },
  detail: {
    ...{ result: 'SUCCESS', 'action-type': 'PUSH', 'repository-name': 'shop', 'image-tag': 'release-17' },
    ...{ 'image-digest': `sha256:${'0'.repeat(64)}`, ...detail },
  },
});

it.each([
  ['a tag that fits the pattern', {}, true],
  ['a tag that is named', { 'image-tag': 'hotfix' }, true],
  ['another tag', { 'image-tag': 'build-17' }, false],
  ['a tag that has the pattern inside', { 'image-tag': 'no-release-17' }, false],
  ['a part of an image for several platforms, which has no tag', { 'image-tag': undefined }, false],
  ['a tag that was empty', { 'image-tag': '' }, false],
  ['another repository', { 'repository-name': 'search' }, false],
  ['an image that is deleted', { 'action-type': 'DELETE' }, false],
  ['a push that failed', { result: 'FAILURE' }, false],
])('an event of %s: %j starts a deployment, %s', (_, detail, expected) =>
  expect(isStarted(JSON.parse(JSON.stringify(pushed(detail))))).toBe(expected),
);

it('asks for the image by its digest, and names the event by which a second delivery is known', () => {
  const [{ InputTransformer }] = Targets;
  expect(InputTransformer.InputPathsMap).toEqual({
    id: '$.id',
    time: '$.time',
    'detail-image-digest': '$.detail.image-digest',
    'detail-image-tag': '$.detail.image-tag',
  });
  expect(InputTransformer.InputTemplate).toBe(
    '{"event":{"id":<id>,"pushedAt":<time>},"request":{"requestedBy":"Amazon ECR","reason":"image <detail-image-tag> was pushed","service":"shop","image":"shop@<detail-image-digest>"}}',
  );
});

it.each<[string, Partial<PushedImage>, RegExp]>([
  [
    'a service of nobody',
    { service: { settings: { service: 'wiki' } } as DeployedService },
    /^expected a service of the workflow \(shop\), received wiki$/,
  ],
  ['no tag', { tags: [] }, /^tags of shop: expected one or more, such as release-\*, received none$/],
  [
    'a request that would be refused',
    { request: { bakeSeconds: 0, reason: '' } },
    /^request\.reason: .*\nrequest\.bakeSeconds: .*received 0$/,
  ],
])('%s is refused at synth, each problem by its name', (_, wrong, message) =>
  expect(() => workflow.startOnPush('Wrong', { service, tags: ['v*'], ...wrong })).toThrow(message),
);

it('a stack can have it beside what it has', () => {
  expect(Object.keys(Template.fromStack(shop).findResources('AWS::Events::Rule')).length).toBeGreaterThan(4);
  expect(Stack.of(rule)).toBe(shop);
});
