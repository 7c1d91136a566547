import { arn } from '../../names';
import type { Row, Rows } from './requirement';
import { ANY } from './requirement';

/**
 * A secret named without its ARN stands for an ARN with six unknown characters behind the name: policies that end in
 * `-??????` or `-*` match it, one with the exact ARN does not.
 */
const secretArn = (id: string) => (id.startsWith('arn:') ? id : arn('secretsmanager', `secret:${id}-??????`));

const onSecret =
  (action: string): Row =>
  (i) => [{ action: `secretsmanager:${action}`, resources: [secretArn(i.SecretId)] }];

const SECRET_OPERATIONS = [
  'DescribeSecret',
  'GetSecretValue',
  'ListSecretVersionIds',
  'PutSecretValue',
  'UpdateSecret',
  'UpdateSecretVersionStage',
];

export const secretsmanager: Rows = {
  prefix: 'secretsmanager',
  operations: Object.fromEntries(SECRET_OPERATIONS.map((name) => [name, onSecret(name)])),
};

const parameterArn = (name: string) =>
  name.startsWith('arn:') ? name : arn('ssm', `parameter/${name.replace(/^\//, '')}`);

const onParameter =
  (action: string, member: 'Name' | 'Names' | 'Path'): Row =>
  (i) => [{ action: `ssm:${action}`, resources: [i[member]].flat().map(parameterArn) }];

export const ssm: Rows = {
  prefix: 'ssm',
  operations: {
    DeleteParameter: onParameter('DeleteParameter', 'Name'),
    GetParameter: onParameter('GetParameter', 'Name'),
    GetParameters: onParameter('GetParameters', 'Names'),
    GetParametersByPath: onParameter('GetParametersByPath', 'Path'),
    PutParameter: onParameter('PutParameter', 'Name'),
  },
};

const repositoryArn = (name: string) => arn('ecr', `repository/${name}`);

const onRepository =
  (action: string): Row =>
  (i) => [{ action: `ecr:${action}`, resources: [repositoryArn(i.repositoryName)] }];

export const ecr: Rows = {
  prefix: 'ecr',
  operations: {
    BatchGetImage: onRepository('BatchGetImage'),
    DescribeImages: onRepository('DescribeImages'),
    DescribeRepositories: (i) => [
      { action: 'ecr:DescribeRepositories', resources: (i.repositoryNames ?? ANY).map(repositoryArn) },
    ],
    ListImages: onRepository('ListImages'),
    PutImage: onRepository('PutImage'),
  },
};
