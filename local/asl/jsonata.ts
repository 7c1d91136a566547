import { randomUUID } from 'node:crypto';
import jsonata, { type Expression } from 'jsonata';
import { queryFault } from './errors';
import { digest, partition, range } from './intrinsics';
import { seededRandom } from './java-random';
import { json } from './size';

/** What an expression sees: the variables, `states`, and the functions that need the execution's clock. */
export type Bindings = Record<string, unknown>;

/** The functions Step Functions adds to JSONata, with their signatures in JSONata's own notation. */
const FUNCTIONS: [
  name: string, // biome-ignore lint/suspicious/noExplicitAny: the signature beside it is what checks the arguments
  apply: (...args: any[]) => unknown,
  signature: string,
][] = [
  [
    'partition',
    (items?: unknown[], size?: number) => items && size && partition(items, Math.floor(size)),
    '<an:a>',
  ],
  ['range', (first: number, last: number, step: number) => range(first, last, step), '<nnn:a>'],
  ['hash', (data: unknown, algorithm: string) => digest(data, algorithm), '<xs:s>'],
  ['uuid', () => randomUUID(), '<:s>'],
  ['parse', (text?: string) => (text === undefined ? undefined : JSON.parse(text)), '<s:x>'],
  [
    'random',
    (seed?: number) => (seed === undefined ? Math.random() : seededRandom(seed).fraction()),
    '<n?:n>',
  ],
];

const formatTime = jsonata('$fromMillis(ms, picture, zone)');

/** `$now` and `$millis` in the cloud's time: JSONata's own ask the machine's clock. */
export function timeFunctions(now: () => number): Bindings {
  return {
    millis: () => now(),
    now: (picture?: string, zone?: string) => formatTime.evaluate({ ms: now(), picture, zone }),
  };
}

/** Far more than a definition of sense needs; an endless recursion would otherwise hold the whole process. */
const MOST_STEPS = 500_000;
/** Not a variable name of the States Language, so that no variable can shadow it. */
const BUDGET = 'steps left';
/** JSONata calls what is bound to this before each step of an evaluation. */
const BEFORE_STEP = Symbol.for('jsonata.__evaluate_entry');

interface Environment {
  lookup(name: string | symbol): unknown;
}

function spendStep(_step: unknown, _input: unknown, environment: Environment): void {
  const budget = environment.lookup(BUDGET) as { steps: number };
  if (--budget.steps < 0) throw new Error(`The expression took more than ${MOST_STEPS} steps`);
}

const compiled = new Map<string, Expression>();

function compile(source: string): Expression {
  const known = compiled.get(source);
  if (known) return known;
  const expression = jsonata(source);
  for (const [name, apply, signature] of FUNCTIONS) expression.registerFunction(name, apply, signature);
  // Counting costs half the speed, and only functions of its own let an expression run forever. The published type
  // of `assign` knows only names that are strings.
  if (/function|λ/.test(source)) expression.assign(BEFORE_STEP as unknown as string, spendStep);
  compiled.set(source, expression);
  return expression;
}

export const isExpression = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}');

/** The text between `{%` and `%}`. */
export const expressionText = (value: string) => value.slice(2, -2).trim();

/** The syntax error of an expression, undefined when it parses. */
export function expressionProblem(value: string): string | undefined {
  try {
    compile(expressionText(value));
    return undefined;
  } catch (error) {
    return (error as { message: string }).message;
  }
}

/**
 * A value of a JSONata field with every `"{% … %}"` in it evaluated.
 * @param field the field's path ("Output/total"), for messages and the history
 * @throws States.QueryEvaluationError when an expression fails or gives nothing or a function
 */
export async function evaluateTemplate(
  template: unknown,
  bindings: Bindings,
  field: string,
): Promise<unknown> {
  if (isExpression(template)) return evaluateExpression(expressionText(template), bindings, field);
  if (template === null || typeof template !== 'object') return template;
  if (Array.isArray(template)) {
    const items: unknown[] = [];
    for (const [index, item] of template.entries()) {
      items.push(await evaluateTemplate(item, bindings, `${field}[${index}]`));
    }
    return items;
  }
  const filled: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(template)) {
    filled[key] = await evaluateTemplate(value, bindings, `${field}/${key}`);
  }
  return filled;
}

/** Functions of JSONata that Step Functions does not have. */
const LEFT_OUT: Bindings = { eval: undefined };

async function evaluateExpression(source: string, bindings: Bindings, field: string): Promise<unknown> {
  const subject = `The JSONata expression '${source}' specified for the field '${field}'`;
  try {
    const value = plain(
      await compile(source).evaluate(undefined, {
        ...bindings,
        ...LEFT_OUT,
        [BUDGET]: { steps: MOST_STEPS },
      }),
    );
    if (value !== undefined) return value;
  } catch (error) {
    if (error instanceof UnsupportedResult) {
      throw queryFault(`${subject} returned an unsupported result type.`, field);
    }
    const { code, message } = error as { code?: string; message: string };
    const reason = code === undefined ? message : `${code}: ${message}`;
    throw queryFault(`${subject} threw an error during evaluation. ${reason}`, field);
  }
  throw queryFault(`${subject} returned nothing (undefined).`, field);
}

class UnsupportedResult extends Error {}

/** JSONata's own functions are objects that hold one; the marks that it gives them may as well be keys of somebody's input. */
const isFunction = (value: object) =>
  ['apply', 'implementation'].some((name) => typeof (value as Record<string, unknown>)[name] === 'function');

/**
 * The result as plain JSON data. JSONata marks its arrays with hidden properties that would change what a later
 * expression makes of them, so arrays are always copied.
 */
function plain(value: unknown): unknown {
  if (typeof value === 'function') throw new UnsupportedResult();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isFunction(value)) throw new UnsupportedResult();
  // from entries, so that a key named __proto__ stays a key
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const field = plain(member);
      return field === undefined ? [] : [[key, field]];
    }),
  );
}

export type JsonType = 'array' | 'boolean' | 'number' | 'string';

const typeName = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** Throws States.QueryEvaluationError in AWS's words unless the evaluated `value` of `field` has the type. */
export function expectType(value: unknown, type: JsonType, template: unknown, field: string): void {
  const actual = typeName(value);
  if (actual === type) return;
  const subject = isExpression(template)
    ? `The JSONata expression '${expressionText(template)}' specified for the field '${field}' returned`
    : `The value specified for the field '${field}' has`;
  const expected = `Expected '${type}', but was '${actual}' for value: ${json(value)}`;
  throw queryFault(`${subject} an unexpected result type. ${expected}`, field);
}
