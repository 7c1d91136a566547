import { addressTest, cidrTest } from './addresses';
import type { Scalar } from './leaves';
import { refuse } from './refuse';
import { wildcardTest } from './wildcard';

/** One alternative for a field. */
export interface Term {
  matches: (value: Scalar) => boolean;
  /** Whether the field may be missing: no leaf lies at its path. */
  isAbsence?: true;
  /** The wildcards it is made of, which count for the pattern's complexity. */
  wildcards?: readonly string[];
}

type Test = (value: Scalar) => boolean;
type Operator = (operand: unknown) => Term;

const text =
  (holds: (value: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && holds(value);

const folded = (value: string) => value.toLowerCase();

const TEXT_TESTS = {
  prefix: (operand: string) => text((value) => value.startsWith(operand)),
  suffix: (operand: string) => text((value) => value.endsWith(operand)),
  'equals-ignore-case': (operand: string) => text((value) => folded(value) === folded(operand)),
  wildcard: (operand: string) => text(wildcardTest(operand)),
};
type TextOperator = keyof typeof TEXT_TESTS;

/** `prefix` and `suffix`: of a text, or of one in any case. */
const partOf =
  (name: 'prefix' | 'suffix'): Operator =>
  (operand) => {
    if (!isObject(operand)) {
      if (typeof operand !== 'string') refuse(`${name} match pattern must be a string`);
      return { matches: TEXT_TESTS[name](operand) };
    }
    const [inner, ...others] = Object.keys(operand);
    if (inner === undefined) refuse(`${capitalised(name)} expression name not found`);
    if (inner !== 'equals-ignore-case') refuse(`Unsupported ${name} pattern: ${inner}`);
    const part = operand[inner];
    if (typeof part !== 'string') refuse('equals-ignore-case match pattern must be a string');
    if (others.length > 0) refuse('Only one key allowed in match expression');
    const matchesFolded = TEXT_TESTS[name](folded(part));
    return { matches: text((value) => matchesFolded(folded(value))) };
  };

const OPERATORS: Record<string, Operator> = {
  exactly: (operand) => {
    if (typeof operand !== 'string') refuse('exact match pattern must be a string');
    return { matches: (value) => value === operand };
  },
  prefix: partOf('prefix'),
  suffix: partOf('suffix'),
  'equals-ignore-case': (operand) => {
    if (typeof operand !== 'string') refuse('equals-ignore-case match pattern must be a string');
    return { matches: TEXT_TESTS['equals-ignore-case'](operand) };
  },
  wildcard: (operand) => {
    if (typeof operand !== 'string') refuse('wildcard match pattern must be a string');
    return { matches: TEXT_TESTS.wildcard(operand), wildcards: [operand] };
  },
  numeric: (operand) => ({ matches: numericTest(operand) }),
  cidr: (operand) => {
    // The matcher's own words, although it is no prefix.
    if (typeof operand !== 'string') refuse('prefix match pattern must be a string');
    return { matches: text(cidrTest(operand)) };
  },
  exists: (operand) => {
    if (typeof operand !== 'boolean') refuse('exists match pattern must be either true or false.');
    return operand ? { matches: () => true } : { matches: () => false, isAbsence: true };
  },
  'anything-but': anythingBut,
};

/** One element of a field's array: a value, or an object with one operator. Throws a PatternError for anything else. */
export function termOf(element: unknown): Term {
  if (Array.isArray(element)) refuse('Match value must be String, number, true, false, or null');
  if (!isObject(element)) return { matches: equality(element as Scalar) };
  const [name, ...others] = Object.keys(element);
  if (name === undefined) refuse('Match expression name not found');
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name]! : undefined;
  if (!operator) refuse(`Unrecognized match type ${name}`);
  const term = operator(element[name]);
  if (others.length > 0) {
    const isNumbers = name === 'numeric' || name === 'anything-but';
    refuse(
      isNumbers ? 'Too many elements in numeric expression' : 'Only one key allowed in match expression',
    );
  }
  return term;
}

/** An address equals every other way to write it. */
function equality(wanted: Scalar): Test {
  const isSameAddress = typeof wanted === 'string' ? addressTest(wanted) : undefined;
  return isSameAddress ? text(isSameAddress) : (value) => value === wanted;
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** One comparison, or a range: from below first. */
function numericTest(operand: unknown): Test {
  if (!Array.isArray(operand)) refuse('Value of numeric must be an array.');
  const [operator, bound, upperOperator, upperBound] = operand;
  if (typeof operator !== 'string')
    refuse(`Invalid member in numeric match: ${operator === undefined ? ']' : shown(operator)}`);
  const holds = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (!holds) refuse(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== 'number') refuse(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  const first: Test = (value) => typeof value === 'number' && holds(value, bound);
  if (operand.length === 2) return first;
  if (!operator.startsWith('>')) refuse('Too many elements in numeric expression');
  if (typeof upperOperator !== 'string') refuse(`Bad value in numeric range: ${shown(upperOperator)}`);
  if (upperOperator !== '<' && upperOperator !== '<=') refuse(`Bad numeric range operator: ${upperOperator}`);
  if (typeof upperBound !== 'number') refuse(`Value of ${upperOperator} must be numeric`);
  if (operand.length > 4) refuse('Too many terms in numeric range expression');
  if (bound >= upperBound) refuse('Bottom must be less than top');
  return (value) => first(value) && COMPARISONS[upperOperator]!(value as number, upperBound);
}

/** Any value but these, of any type; a field that is missing has no value. */
function anythingBut(operand: unknown): Term {
  if (isObject(operand)) return anythingButText(operand);
  if (!Array.isArray(operand)) {
    if (!isTextOrNumber(operand)) {
      refuse('Value of anything-but must be an array or single string/number value.');
    }
    return { matches: (value) => value !== operand };
  }
  if (!operand.every(isTextOrNumber)) {
    refuse('Inside anything but list, start|null|boolean is not supported.');
  }
  const types = new Set(operand.map((value) => typeof value));
  if (types.size !== 1) {
    refuse('Inside anything but list, either all values are number or string, mixed type is not supported');
  }
  const excluded = new Set<Scalar>(operand);
  return { matches: (value) => !excluded.has(value) };
}

const NO_TEXT: Record<TextOperator, string> = {
  'equals-ignore-case':
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  wildcard: 'wildcard match pattern must be a string',
  prefix: 'prefix/suffix match pattern must be a string',
  suffix: 'prefix/suffix match pattern must be a string',
};

function anythingButText(operand: Record<string, unknown>): Term {
  const [name, ...others] = Object.keys(operand);
  if (name === undefined) refuse('Anything-But expression name not found');
  if (!isTextOperator(name)) refuse(`Unsupported anything-but pattern: ${name}`);
  const given = operand[name];
  if (!Array.isArray(given) && !isTextOrNumber(given)) {
    refuse('Value of anything-but must be an array or single string/number value.');
  }
  const values = (Array.isArray(given) ? given : [given]).map((value: unknown) => {
    if (typeof value !== 'string') refuse(NO_TEXT[name]);
    if (value === '' && (name === 'prefix' || name === 'suffix')) refuse('Null prefix/suffix not allowed');
    return value;
  });
  const tests = values.map((value) => TEXT_TESTS[name](value));
  if (others.length > 0) refuse('Too many elements in numeric expression');
  const matches: Test = (value) => !tests.some((test) => test(value));
  return name === 'wildcard' ? { matches, wildcards: values } : { matches };
}

const isTextOperator = (name: string): name is TextOperator => Object.hasOwn(TEXT_TESTS, name);

const isTextOrNumber = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

const capitalised = (name: string) => name[0]!.toUpperCase() + name.slice(1);

const shown = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
