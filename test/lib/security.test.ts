import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { securityPage } from '../../bin/security';
import { wildcard } from '../../local/iam/match';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const { Resources } = JSON.parse(
  readFileSync(join(root, 'cdk.out', 'Shop.template.json'), 'utf8'),
  // biome-ignore lint/suspicious/noExplicitAny: properties of any resource
) as { Resources: Record<string, { Type: string; Properties: any }> };

it('docs/security.md says what the functions declare; npm run security -- --write makes its tables', () => {
  expect(page).toBe(securityPage());
});

it('docs/security.md says how many resources there are, at most 220 of the workflow', () => {
  // the CDK's command line adds one of its own, which a program that synthesises does not
  const names = Object.keys(Resources).filter((name) => Resources[name]?.Type !== 'AWS::CDK::Metadata');
  const own = names.filter((name) => name.startsWith('Greenlight'));
  expect(own.length).toBeLessThanOrEqual(220);
  expect(/^\| now \| (\d+) \| (\d+) \|$/m.exec(page)?.slice(1).map(Number)).toEqual([
    own.length,
    names.length,
  ]);
});

/** The resources of all statements of the workflow's roles, with words in the place of references. */
const patterns = Object.entries(Resources)
  .filter(([name, { Type }]) => name.startsWith('Greenlight') && Type === 'AWS::IAM::Role')
  .flatMap(([, { Properties }]) => Properties.Policies[0].PolicyDocument.Statement)
  .flatMap(({ Resource }: { Resource: unknown }) => Resource)
  .map((one) =>
    typeof one === 'string'
      ? one
      : JSON.stringify(one)
          .replaceAll(/\{"Ref":"(?:AWS::)?(\w+?)(?:[0-9A-F]{8})?"\}/g, '"$1"')
          .replaceAll(/^\{"Fn::Join":\["",\[|\]\]\}$|","/g, '')
          .replaceAll('"', ''),
  );
const reaches = (resource: string) => patterns.some((one) => one !== '*' && wildcard(one, resource));

it.each([
  ['the instance', 'db:Database', true],
  ['an instance that a rollback restored', 'db:Database-0a1b2c3d', true],
  ['an instance whose name begins the same', 'db:Database2', false],
  ['another one', 'db:Database-reporting', false],
  ['a snapshot of a deployment', 'snapshot:greenlight-release-7-of-Database', true],
  ['a snapshot of the deployment of another instance', 'snapshot:greenlight-release-7-of-other', false],
  [
    'a snapshot of an instance whose name ends the same',
    'snapshot:greenlight-release-7-of-oldDatabase',
    false,
  ],
  ['a snapshot of somebody else', 'snapshot:nightly-of-Database', false],
])('of what there is in the account the roles reach %s (%s): %s', (_, resource, expected) => {
  expect(reaches(`arn:Partition:rds:Region:AccountId:${resource}`)).toBe(expected);
});
