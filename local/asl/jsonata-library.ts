import { randomUUID } from 'node:crypto';
import jsonata, { type Environment, type Expression, type Focus } from 'jsonata';
import type { Clock } from '../clock';
import { digest, partition, range } from './intrinsics';
import { seededRandom } from './java-random';

/** What an expression sees, beside functions, and the clock that those ask. */
export interface Bindings {
  readonly variables: Readonly<Record<string, unknown>>;
  /** What `$states` has for the stage of the state: its input, and the result or the error. */
  readonly stage: Readonly<Record<string, unknown>>;
  /** `$states.context`, which few expressions ask for. */
  context(): Record<string, unknown>;
  readonly clock: Clock;
}

/** Bound for an evaluation under names that are none of the States Language, so that no variable can shadow them. */
const CLOCK = 'the clock';
const BUDGET = 'steps left';

const now = ({ environment }: Focus) => (environment.lookup(CLOCK) as Clock).now();
const formatTime = jsonata('$fromMillis(ms, picture, zone)');

// biome-ignore lint/suspicious/noExplicitAny: the signature beside it is what checks the arguments
type Implementation = (this: Focus, ...args: any[]) => unknown;

/** The functions Step Functions adds to JSONata, with their signatures in JSONata's own notation. */
const FUNCTIONS: [name: string, apply: Implementation, signature?: string][] = [
  [
    'partition',
    (items?: unknown[], size?: number) => items && size && partition(items, Math.floor(size)),
    '<an:a>',
  ],
  ['range', (first: number, last: number, step: number) => sequence(range(first, last, step)), '<nnn:a>'],
  ['hash', (data: unknown, algorithm: string) => digest(data, algorithm), '<xs:s>'],
  ['uuid', () => randomUUID(), '<:s>'],
  ['parse', (text?: string) => (text === undefined ? undefined : JSON.parse(text)), '<s:x>'],
  [
    'random',
    (seed?: number) => (seed === undefined ? Math.random() : seededRandom(seed).fraction()),
    '<n?:n>',
  ],
  // in the cloud's time: JSONata's own ask the machine's clock
  [
    'millis',
    function () {
      return now(this);
    },
  ],
  [
    'now',
    function (picture?: string, zone?: string) {
      return formatTime.evaluate({ ms: now(this), picture, zone });
    },
  ],
];

/** Marks a list as what JSONata calls a sequence: with one item it stands for that item, with none for nothing. */
const sequence = (items: unknown[] | undefined) =>
  items && Object.defineProperty(items, 'sequence', { value: true });

/** Far more than a definition of sense needs; an endless recursion would otherwise hold the whole process. */
const MOST_STEPS = 500_000;
/** JSONata calls what is bound to this before each step of an evaluation. */
const BEFORE_STEP = Symbol.for('jsonata.__evaluate_entry');

function spendStep(_step: unknown, _input: unknown, environment: Environment): void {
  const budget = environment.lookup(BUDGET) as { steps: number };
  if (--budget.steps < 0) throw new Error(`The expression took more than ${MOST_STEPS} steps`);
}

/** An expression as the library reads it, with the functions of Step Functions; throws its syntax error. */
export function libraryExpression(source: string): Expression {
  const expression = jsonata(source);
  for (const [name, apply, signature] of FUNCTIONS) expression.registerFunction(name, apply, signature);
  // Counting costs half the speed, and only functions of its own let an expression run forever. The published type
  // of `assign` knows only names that are strings.
  if (/function|λ/.test(source)) expression.assign(BEFORE_STEP as unknown as string, spendStep);
  return expression;
}

/** What the library makes of the expression; it throws objects that are no errors, with a code and a message. */
export function evaluateByLibrary(expression: Expression, bindings: Bindings): Promise<unknown> {
  const { input, ...stage } = bindings.stage;
  return expression.evaluate(undefined, {
    ...bindings.variables,
    states: { input, context: bindings.context(), ...stage },
    // Step Functions does not have it
    eval: undefined,
    [CLOCK]: bindings.clock,
    [BUDGET]: { steps: MOST_STEPS },
  });
}

export class UnsupportedResult extends Error {}

/** JSONata's own functions are objects that hold one; the marks that it gives them may as well be keys of somebody's input. */
const isFunction = ({ apply, implementation }: Record<string, unknown>) =>
  typeof apply === 'function' || typeof implementation === 'function';

/**
 * A copy of a result as plain JSON data. JSONata marks its arrays with hidden properties that would change what a later
 * expression makes of them, and appends to an empty one that it groups.
 * @throws UnsupportedResult when it is a function or has one in it
 */
export function plain(value: unknown): unknown {
  if (typeof value === 'function') throw new UnsupportedResult();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  const object = value as Record<string, unknown>;
  if (isFunction(object)) throw new UnsupportedResult();
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    const field = plain(object[key]);
    if (field === undefined) continue;
    // only so does a key of this name stay a key
    if (key === '__proto__') Object.defineProperty(copy, key, { ...KEPT, value: field });
    else copy[key] = field;
  }
  return copy;
}

const KEPT = { configurable: true, enumerable: true, writable: true };
