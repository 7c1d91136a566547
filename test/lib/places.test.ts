import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { endpoints } from '../../bin/security';
import { ShopStack } from '../../lib/example/shop-stack';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
const sources = ['src', 'lambdas', 'lib', 'statemachines'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs|json)$/.test(file) && !/^(dist|node_modules)\//.test(file))
    .map((file) => join(folder, file)),
);

it('no source takes the partition for granted: neither an ARN nor the end of a host of AWS', () => {
  expect(sources.length).toBeGreaterThan(300);
  const taken = sources.filter((file) => {
    const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    // a principal of a service has the same name in every partition
    return /["'`]arn:aws:|\.amazonaws\.com\.|\}\.amazonaws\.com/.test(code);
  });
  expect(taken).toEqual([]);
});

it.each([
  ['cn-north-1', 'China'],
  ['us-gov-west-1', 'AWS GovCloud'],
])('the template for %s, in %s, names no ARN of another partition', (region) => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new ShopStack(app, 'Shop', { env: { account: '123456789012', region }, strict: true });
  const template = JSON.stringify(Template.fromStack(stack));
  expect(template).toContain('AWS::Partition');
  expect(template.match(/arn:aws:[^"]*/g)).toBeNull();
});

it('names the endpoints that functions in the VPC call, as docs/security.md does, and none for a right without a call', () => {
  const named = endpoints().map(({ endpoint }) => endpoint);
  expect(named).toEqual(expect.arrayContaining(['dynamodb', 'secretsmanager', 's3', 'elasticloadbalancing']));
  expect(named.filter((name) => ['kms', 'iam', 'cloudwatch', 'ecr'].includes(name))).toEqual([]);
});
