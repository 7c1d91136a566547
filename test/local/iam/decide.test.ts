import { type Decision, decide, type Statement } from '../../../local/iam';

const DB = 'arn:aws:rds:eu-west-1:000000000000:db:shop';
const SNAPSHOT = 'arn:aws:rds:eu-west-1:000000000000:snapshot:before';

const allow = (rest: object): Statement => ({ Effect: 'Allow', Action: 'rds:*', Resource: '*', ...rest });
const deny = (rest: object): Statement => ({ ...allow(rest), Effect: 'Deny' });

test.each<[string, Statement[], string, string[], Decision]>([
  ['nothing is allowed without a statement', [], 'rds:CreateDBSnapshot', [DB], 'implicitDeny'],
  ['actions match by wildcard', [allow({ Action: 'rds:Create*' })], 'rds:CreateDBSnapshot', [DB], 'allow'],
  [
    'actions match in any case',
    [allow({ Action: 'RDS:createdbsnapshot' })],
    'rds:CreateDBSnapshot',
    [DB],
    'allow',
  ],
  [
    'other actions do not match',
    [allow({ Action: 'rds:Describe*' })],
    'rds:CreateDBSnapshot',
    [DB],
    'implicitDeny',
  ],
  [
    'a question mark is one character',
    [allow({ Action: 'rds:CreateDB?' })],
    'rds:CreateDBSnapshot',
    [DB],
    'implicitDeny',
  ],
  [
    'a dot is a dot',
    [allow({ Resource: 'arn:aws:rds:eu-west-1:000000000000:db.shop' })],
    'rds:X',
    [DB],
    'implicitDeny',
  ],
  [
    'a deny outweighs every allow',
    [allow({}), deny({ Action: 'rds:Delete*' })],
    'rds:DeleteDBInstance',
    [DB],
    'explicitDeny',
  ],
  [
    'a deny of something else does not',
    [allow({}), deny({ Action: 'rds:Delete*' })],
    'rds:StopDBInstance',
    [DB],
    'allow',
  ],
  [
    'every resource must be allowed',
    [allow({ Resource: DB })],
    'rds:CreateDBSnapshot',
    [DB, SNAPSHOT],
    'implicitDeny',
  ],
  [
    'statements may allow one resource each',
    [allow({ Resource: DB }), allow({ Resource: SNAPSHOT })],
    'rds:CreateDBSnapshot',
    [DB, SNAPSHOT],
    'allow',
  ],
  [
    'a deny of one resource denies all',
    [allow({}), deny({ Resource: SNAPSHOT })],
    'rds:CreateDBSnapshot',
    [DB, SNAPSHOT],
    'explicitDeny',
  ],
  [
    'a wildcard stays within its ARN segment',
    [allow({ Resource: 'arn:aws:rds:*:db:shop' })],
    'rds:X',
    [DB],
    'implicitDeny',
  ],
  [
    'a wildcard reaches the end of the resource',
    [allow({ Resource: 'arn:aws:rds:*:*:d*' })],
    'rds:X',
    [DB],
    'allow',
  ],
  [
    'NotAction allows all other actions',
    [allow({ Action: undefined, NotAction: 'iam:*' })],
    'rds:X',
    [DB],
    'allow',
  ],
  [
    'NotAction does not allow its own',
    [allow({ Action: undefined, NotAction: ['iam:*', 'rds:*'] })],
    'rds:X',
    [DB],
    'implicitDeny',
  ],
  [
    'NotResource allows all other resources',
    [allow({ Resource: undefined, NotResource: SNAPSHOT })],
    'rds:X',
    [DB],
    'allow',
  ],
  [
    'NotResource does not allow its own',
    [allow({ Resource: undefined, NotResource: DB })],
    'rds:X',
    [DB],
    'implicitDeny',
  ],
  [
    'an action without resources needs the resource *',
    [allow({ Resource: DB })],
    'rds:X',
    [],
    'implicitDeny',
  ],
])('%s', (_title, statements, action, resources, expected) => {
  expect(decide(statements, action, resources)).toBe(expected);
});

const context = {
  'ecs:cluster': 'arn:aws:ecs:eu-west-1:000000000000:cluster/main',
  'aws:TagKeys': ['team', 'cost'],
  'cloudwatch:namespace': 'Greenlight',
  'aws:RequestTag/size': '10',
  'aws:RequestTag/when': '2026-03-01T00:00:00Z',
  'aws:PrincipalAccount': '000000000000',
};

test.each<[string, object, boolean]>([
  ['StringEquals is exact', { StringEquals: { 'cloudwatch:namespace': 'greenlight' } }, false],
  [
    'StringEqualsIgnoreCase is not',
    { StringEqualsIgnoreCase: { 'cloudwatch:namespace': 'greenlight' } },
    true,
  ],
  ['StringEquals knows no wildcard', { StringEquals: { 'cloudwatch:namespace': 'Green*' } }, false],
  ['StringLike does', { StringLike: { 'cloudwatch:namespace': 'Green*' } }, true],
  ['keys are found in any case', { StringEquals: { 'CloudWatch:Namespace': 'Greenlight' } }, true],
  [
    'several values are alternatives',
    { StringEquals: { 'cloudwatch:namespace': ['a', 'Greenlight'] } },
    true,
  ],
  [
    'negated values are all excluded',
    { StringNotEquals: { 'cloudwatch:namespace': ['a', 'Greenlight'] } },
    false,
  ],
  [
    'all operators must hold',
    { StringLike: { 'cloudwatch:namespace': '*' }, ArnEquals: { 'ecs:cluster': 'x' } },
    false,
  ],
  ['all keys must hold', { StringLike: { 'cloudwatch:namespace': '*', 'aws:PrincipalAccount': '1' } }, false],
  ['ArnEquals compares by segment', { ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/*' } }, true],
  ['ArnNotEquals is its contrary', { ArnNotEquals: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/*' } }, false],
  ['a missing key fails', { StringLike: { 'iam:PassedToService': '*' } }, false],
  ['a missing key does not fail a negated operator', { StringNotLike: { 'iam:PassedToService': '*' } }, true],
  ['a missing key does not fail IfExists', { StringEqualsIfExists: { 'iam:PassedToService': 'x' } }, true],
  ['IfExists compares a key that is there', { StringEqualsIfExists: { 'cloudwatch:namespace': 'x' } }, false],
  ['Null true wants the key absent', { Null: { 'iam:PassedToService': 'true' } }, true],
  ['Null false wants it present', { Null: { 'iam:PassedToService': 'false' } }, false],
  ['numbers are compared as numbers', { NumericLessThan: { 'aws:RequestTag/size': '9' } }, false],
  ['no number equals itself', { NumericEquals: { 'cloudwatch:namespace': 'Greenlight' } }, false],
  [
    'dates are compared as dates',
    { DateGreaterThan: { 'aws:RequestTag/when': '2026-02-28T23:59:59+00:00' } },
    true,
  ],
  ['dates may be epoch seconds', { DateLessThan: { 'aws:RequestTag/when': 1772323201 } }, true],
  [
    'ForAllValues wants every value',
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'x'] } },
    false,
  ],
  ['ForAllValues holds of none', { 'ForAllValues:StringEquals': { 'iam:PassedToService': 'x' } }, true],
  ['ForAnyValue wants one', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team', 'x'] } }, true],
  ['ForAnyValue fails of none', { 'ForAnyValue:StringNotEquals': { 'iam:PassedToService': 'x' } }, false],
  [
    'variables stand for the context',
    { StringEquals: { 'aws:PrincipalAccount': '${aws:PrincipalAccount}' } },
    true,
  ],
  [
    'an unknown variable matches nothing',
    { StringLike: { 'cloudwatch:namespace': '*${aws:RequestTag/none}' } },
    false,
  ],
  [
    'unless it has a default',
    { StringLike: { 'cloudwatch:namespace': "${aws:RequestTag/none, 'Green'}*" } },
    true,
  ],
  ['an escaped asterisk is an asterisk', { StringLike: { 'cloudwatch:namespace': 'Green${*}' } }, false],
])('conditions: %s', (_title, Condition, expected) => {
  expect(decide([allow({ Condition })], 'rds:X', [DB], context)).toBe(expected ? 'allow' : 'implicitDeny');
});

test('a value that comes from a variable is no pattern', () => {
  const statements = [allow({ Resource: 'arn:aws:rds:*:*:db:${aws:RequestTag/name}' })];
  expect(decide(statements, 'rds:X', [DB], { 'aws:RequestTag/name': 'shop' })).toBe('allow');
  expect(decide(statements, 'rds:X', [DB], { 'aws:RequestTag/name': '*' })).toBe('implicitDeny');
});

test('an unknown operator is refused by name', () => {
  const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
  expect(() => decide([allow({ Condition })], 'rds:X', [DB])).toThrow('condition operator IpAddress');
});
