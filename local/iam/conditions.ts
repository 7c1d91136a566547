import type { Context } from './context';
import { arnMatches, expand, plain, wildcard } from './match';

type Wanted = string | number | boolean;
/** Whether an actual value fits a wanted one, whose policy variables are already put in. */
type Test = (wanted: string, actual: string) => boolean;

const numbers =
  (compare: (actual: number, wanted: number) => boolean): Test =>
  (wanted, actual) =>
    compare(Number(actual), Number(wanted));

/** Dates are ISO 8601 or seconds since the epoch. */
const instant = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const dates =
  (compare: (actual: number, wanted: number) => boolean): Test =>
  (wanted, actual) =>
    compare(instant(actual), instant(wanted));

const sameText: Test = (wanted, actual) => plain(wanted) === actual;
const sameTextAnyCase: Test = (wanted, actual) => plain(wanted).toLowerCase() === actual.toLowerCase();

const comparisons = {
  Equals: (a: number, b: number) => a === b,
  LessThan: (a: number, b: number) => a < b,
  LessThanEquals: (a: number, b: number) => a <= b,
  GreaterThan: (a: number, b: number) => a > b,
  GreaterThanEquals: (a: number, b: number) => a >= b,
};

const compared = (type: string, test: (compare: (a: number, b: number) => boolean) => Test) =>
  Object.entries(comparisons).map(([name, compare]) => [`${type}${name}`, test(compare)] as const);

const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['StringEquals', sameText],
  ['StringEqualsIgnoreCase', sameTextAnyCase],
  ['StringLike', wildcard],
  ['ArnEquals', arnMatches],
  ['ArnLike', arnMatches],
  ['Bool', sameTextAnyCase],
  ...compared('Numeric', numbers),
  ...compared('Date', dates),
]);

interface Operator {
  forAny: boolean;
  forAll: boolean;
  ifExists: boolean;
  negated: boolean;
  isNull: boolean;
  test: Test;
}

const never: Test = () => false;

function parse(name: string): Operator | undefined {
  const [, set, body = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/.exec(name) ?? [];
  const positive = body.replace(/Not(?=Equals|Like)/, '');
  const isNull = positive === 'Null' && !set && !ifExists;
  const test = isNull ? never : tests.get(positive);
  return (
    test && {
      forAny: set === 'ForAnyValue',
      forAll: set === 'ForAllValues',
      ifExists: ifExists !== undefined,
      negated: positive !== body,
      isNull,
      test,
    }
  );
}

export const isConditionOperator = (name: string): boolean => parse(name) !== undefined;

const KNOWN_KEYS = new Set([
  'application-autoscaling:scalable-dimension',
  'application-autoscaling:service-namespace',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:tagkeys',
  'cloudwatch:namespace',
  'ecs:cluster',
  'ecs:createaction',
  'ecs:task-definition',
  'elasticloadbalancing:createaction',
  'events:detail-type',
  'events:source',
  'iam:passedtoservice',
  'kms:viaservice',
  's3:prefix',
  's3:resourceaccount',
]);

/** Whether the local cloud can tell a condition key's value; case does not matter. */
export function isKnownKey(key: string): boolean {
  const lower = key.toLowerCase();
  return KNOWN_KEYS.has(lower) || lower.startsWith('aws:requesttag/') || lower.startsWith('aws:resourcetag/');
}

/**
 * Whether one condition of a statement holds. A missing key fails it, except for negated operators, `IfExists` and
 * `ForAllValues`. Several wanted values are alternatives; with a negated operator none of them may fit.
 * @throws Error for an operator that is not known
 */
export function holds(name: string, key: string, wanted: readonly Wanted[], context: Context): boolean {
  const operator = parse(name);
  if (!operator) throw new Error(`the local cloud does not evaluate the condition operator ${name}`);
  const actual = [context[key.toLowerCase()] ?? []].flat();
  if (operator.isNull) return wanted.some((value) => String(value) === String(actual.length === 0));

  const patterns = wanted.map((value) => expand(String(value), context)).filter((p) => p !== undefined);
  const fits = (value: string) =>
    patterns.some((pattern) => operator.test(pattern, value)) !== operator.negated;
  if (actual.length === 0) {
    return operator.ifExists || operator.forAll || (operator.negated && !operator.forAny);
  }
  return operator.forAny ? actual.some(fits) : actual.every(fits);
}
