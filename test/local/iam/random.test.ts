import { decide, type Statement } from '../../../local/iam';
import { below, oneOf, randomFrom } from '../endpoint/random';
import { naiveDecision } from './naive';

const POLICIES = 20_000;
const ACTIONS = ['rds:CreateDBSnapshot', 'rds:DeleteDBSnapshot', 'ecs:RunTask', 'ecs:StopTask'];
const ACTION_PATTERNS = [...ACTIONS, '*', 'rds:*', 'RDS:create*', 'ecs:R?nTask', 'ecs:*Task', 'iam:*'];
const ACCOUNT = 'eu-west-1:000000000000';
const RESOURCES = [
  `arn:aws:rds:${ACCOUNT}:db:shop`,
  `arn:aws:rds:${ACCOUNT}:snapshot:shop`,
  `arn:aws:ecs:${ACCOUNT}:task-definition/app:3`,
];
const RESOURCE_PATTERNS = [
  ...RESOURCES,
  '*',
  'arn:aws:rds:*:*:*',
  'arn:aws:rds:*:db:shop',
  `arn:aws:*:${ACCOUNT}:*shop`,
  `arn:aws:ecs:${ACCOUNT}:task-definition/*:?`,
  'arn:*:*:*:*:db:*',
];
const KEYS = ['ecs:cluster', 'aws:TagKeys', 'cloudwatch:namespace'];
const VALUES = ['a', 'ab', '7', '12', 'arn:aws:ecs:eu-west-1:0:cluster/main'];
const WANTED = [...VALUES, 'a*', '?', '*', 'arn:aws:ecs:*:*:cluster/m*', '10'];
const OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'ArnLike',
  'ArnNotLike',
  'NumericLessThan',
];

type Random = () => number;

const some = <T>(random: Random, values: readonly T[], most: number): T | T[] =>
  random() < 0.5
    ? oneOf(random, values)
    : Array.from({ length: 1 + below(random, most) }, () => oneOf(random, values));

function operator(random: Random): string {
  if (random() < 0.1) return 'Null';
  const set = oneOf(random, ['', '', 'ForAnyValue:', 'ForAllValues:']);
  return `${set}${oneOf(random, OPERATORS)}${random() < 0.2 ? 'IfExists' : ''}`;
}

function condition(random: Random): Statement['Condition'] {
  const entries = Array.from({ length: below(random, 3) }, () => {
    const name = operator(random);
    const wanted = name === 'Null' ? oneOf(random, ['true', 'false']) : some(random, WANTED, 3);
    return [name, { [oneOf(random, KEYS)]: wanted }] as const;
  });
  return Object.fromEntries(entries);
}

function statement(random: Random): Statement {
  return {
    Effect: random() < 0.75 ? 'Allow' : 'Deny',
    [random() < 0.85 ? 'Action' : 'NotAction']: some(random, ACTION_PATTERNS, 3),
    [random() < 0.85 ? 'Resource' : 'NotResource']: some(random, RESOURCE_PATTERNS, 3),
    Condition: condition(random),
  };
}

function contextOf(random: Random): Record<string, string | string[]> {
  const present = KEYS.filter(() => random() < 0.6);
  return Object.fromEntries(
    present.map((key) => [
      key,
      key === 'aws:TagKeys' ? [some(random, VALUES, 3)].flat() : oneOf(random, VALUES),
    ]),
  );
}

test(`${POLICIES} random policies are decided as a naive reading of the documentation decides them`, () => {
  const random = randomFrom(2026);
  const seen = { allow: 0, implicitDeny: 0, explicitDeny: 0 };
  for (let i = 0; i < POLICIES; i++) {
    const statements = Array.from({ length: 1 + below(random, 4) }, () => statement(random));
    const action = oneOf(random, ACTIONS);
    const resources = [some(random, RESOURCES, 2)].flat();
    const context = contextOf(random);
    const expected = naiveDecision(statements, action, resources, context);
    seen[expected]++;
    const asked = { statements, action, resources, context };
    expect({ ...asked, decision: decide(statements, action, resources, context) }).toEqual({
      ...asked,
      decision: expected,
    });
  }
  // All three answers must be common, or the comparison proves little.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(POLICIES / 20);
});
