import type { ChoiceRule } from './definition';
import { runtimeFault } from './errors';
import { isPresent, lookup, type PathScope, query } from './jsonpath';
import { parseTimestamp } from './timestamp';

type Comparable = string | number | boolean | bigint;

const COMPARISON =
  /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/;

/** The operand as its operator compares it; undefined when it is of another type, which makes the rule false. */
const READ: Record<string, (value: unknown) => Comparable | undefined> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  Timestamp: parseTimestamp,
};

const COMPARE: Record<string, (left: Comparable, right: Comparable) => boolean> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  GreaterThan: (left, right) => left > right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThanEquals: (left, right) => left >= right,
};

const TYPE_TESTS: Record<string, (value: unknown) => boolean> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => parseTimestamp(value) !== undefined,
};

const BESIDE_OPERATOR = new Set(['Variable', 'Next', 'Comment', 'Assign', 'Output']);

/** The comparison operator of a rule, its only field that is no other known one. */
export function operatorOf(rule: ChoiceRule): string | undefined {
  return Object.keys(rule).find((key) => !BESIDE_OPERATOR.has(key));
}

export function isOperator(name: string): boolean {
  return name in TYPE_TESTS || name === 'IsPresent' || name === 'StringMatches' || COMPARISON.test(name);
}

/**
 * Whether a JSONPath Choice rule holds for the input.
 * @throws States.Runtime when a variable it compares is not there; only IsPresent may ask for one that is not
 */
export function ruleHolds(rule: ChoiceRule, scope: PathScope): boolean {
  if (rule.And) return rule.And.every((part) => ruleHolds(part, scope));
  if (rule.Or) return rule.Or.some((part) => ruleHolds(part, scope));
  if (rule.Not) return !ruleHolds(rule.Not, scope);
  const operator = operatorOf(rule) ?? '';
  if (operator === 'IsPresent') return isPresent(rule.Variable!, scope) === rule.IsPresent;
  const value = subject(rule.Variable!, scope);
  const test = TYPE_TESTS[operator];
  if (test) return test(value) === rule[operator];
  if (operator === 'StringMatches')
    return typeof value === 'string' && pattern(rule.StringMatches).test(value);
  return compare(operator, value, rule, scope);
}

function subject(path: string, scope: PathScope): unknown {
  const found = lookup(path, scope);
  if (found.found) return found.value;
  throw runtimeFault(
    `Invalid path '${path}': The choice state's condition path references an invalid value.`,
  );
}

function compare(operator: string, value: unknown, rule: ChoiceRule, scope: PathScope): boolean {
  const [, type, comparison, fromPath] = COMPARISON.exec(operator) ?? [];
  if (!type) throw runtimeFault(`Unknown comparison operator '${operator}'`);
  const operand = fromPath ? query(rule[operator] as string, scope, operator) : rule[operator];
  const [left, right] = [READ[type]!(value), READ[type]!(operand)];
  return left !== undefined && right !== undefined && COMPARE[comparison!]!(left, right);
}

/** StringMatches: `*` stands for any characters, `\` takes the next character as it is. */
function pattern(glob: unknown): RegExp {
  const source = String(glob).replace(/\\(.)|[.*+?^${}()|[\]\\]/gsu, (special, escaped?: string) => {
    if (escaped !== undefined) return `\\u{${escaped.codePointAt(0)!.toString(16)}}`;
    return special === '*' ? '[^]*' : `\\${special}`;
  });
  return new RegExp(`^${source}$`, 'u');
}
