import { createHash, randomUUID } from 'node:crypto';
import { intrinsicFault } from './errors';
import { type Expression, parseIntrinsic } from './intrinsic-grammar';
import { seededRandom } from './java-random';
import { json } from './size';

type Intrinsic = (...args: unknown[]) => unknown;

const LONGEST_RANGE = 1000;
const LONGEST_BASE64_INPUT = 10_000;

const HASHES: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function text(value: unknown): string {
  if (typeof value !== 'string') throw intrinsicFault(`expected a string, but got ${json(value)}`);
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw intrinsicFault(`expected an array, but got ${json(value)}`);
  return value;
}

/** Numbers are rounded half up to integers, as Java's Math.round does. */
function integer(value: unknown): number {
  if (typeof value !== 'number') throw intrinsicFault(`expected a number, but got ${json(value)}`);
  return Math.round(value) + 0;
}

function record(value: unknown): object {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw intrinsicFault(`expected a JSON object, but got ${json(value)}`);
  }
  return value;
}

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return json(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}

/** How States.Format writes a value into its text: strings bare, structures as Java writes maps and lists. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  const fields = Object.entries(value).map(([key, field]) => `${key}=${written(field)}`);
  return `{${fields.join(', ')}}`;
}

function format(template: unknown, ...values: unknown[]): string {
  let used = 0;
  const filled = text(template).replace(/\\([{}])|\{\}/g, (_match, escaped: string | undefined) =>
    escaped === undefined ? written(values[used++]) : escaped,
  );
  if (used !== values.length) {
    throw intrinsicFault(
      `number of arguments (${values.length}) does not match the occurrences of {} (${used})`,
    );
  }
  return filled;
}

function parseJson(value: unknown): unknown {
  const source = text(value);
  if (source.trim() === '') return null;
  try {
    return JSON.parse(source);
  } catch {
    throw intrinsicFault('invalid JSON string');
  }
}

export function partition(items: readonly unknown[], size: number): unknown[][] {
  const parts: unknown[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}

/** first, first + step, … up to and including last; undefined when that is longer than allowed or never ends. */
export function range(first: number, last: number, step: number): number[] | undefined {
  if (step === 0 || (last - first) / step >= LONGEST_RANGE) return undefined;
  const numbers: number[] = [];
  for (let next = first; step > 0 ? next <= last : next >= last; next += step) numbers.push(next);
  return numbers;
}

/** Hexadecimal digest; undefined for an algorithm that the States Language does not have. */
export function digest(data: unknown, algorithm: unknown): string | undefined {
  const hash = typeof algorithm === 'string' ? HASHES[algorithm] : undefined;
  if (!hash) return undefined;
  return createHash(hash)
    .update(typeof data === 'string' ? data : json(data))
    .digest('hex');
}

function base64Input(value: unknown): string {
  const source = text(value);
  if (source.length > LONGEST_BASE64_INPUT) throw intrinsicFault('input is longer than 10,000 characters');
  return source;
}

function required<Value>(value: Value | undefined, message: string): Value {
  if (value === undefined) throw intrinsicFault(message);
  return value;
}

function mathRandom(start: unknown, end: unknown, seed?: unknown): number {
  const [low, high] = [integer(start), integer(end)];
  if (high <= low) throw intrinsicFault('the end of the range must be greater than its start');
  if (seed === undefined) return low + Math.floor(Math.random() * (high - low));
  return low + seededRandom(integer(seed)).integer(high - low);
}

/** Every character of the delimiter splits; empty pieces are left out. */
function split(source: unknown, delimiter: unknown): string[] {
  const characters = new Set(text(delimiter));
  if (characters.size === 0) return [text(source)];
  const pieces = [''];
  for (const character of text(source)) {
    if (characters.has(character)) pieces.push('');
    else pieces[pieces.length - 1] += character;
  }
  return pieces.filter((piece) => piece !== '');
}

function partitionArgs(items: unknown, size: unknown): unknown[][] {
  const length = integer(size);
  if (length <= 0) throw intrinsicFault('the chunk size must be a positive number');
  return partition(list(items), length);
}

function itemAt(items: unknown, index: unknown): unknown {
  const [all, position] = [list(items), integer(index)];
  if (position < 0 || position >= all.length) throw intrinsicFault(`index ${position} is out of bounds`);
  return all[position];
}

function unique(items: unknown): unknown[] {
  const first = new Map<string, unknown>();
  for (const item of list(items)) {
    const key = canonical(item);
    if (!first.has(key)) first.set(key, item);
  }
  return [...first.values()];
}

function merge(left: unknown, right: unknown, deep: unknown): object {
  if (deep !== false) throw intrinsicFault('deep merge is not supported; pass false as third argument');
  return { ...record(left), ...record(right) };
}

/** By name: the function and how many arguments it takes, at least and at most. */
const INTRINSICS: Record<string, [Intrinsic, number, number]> = {
  'States.Format': [format, 1, Number.POSITIVE_INFINITY],
  'States.StringToJson': [parseJson, 1, 1],
  'States.JsonToString': [json, 1, 1],
  'States.Array': [(...items) => items, 0, Number.POSITIVE_INFINITY],
  'States.ArrayPartition': [partitionArgs, 2, 2],
  'States.ArrayContains': [
    (items, item) => list(items).some((one) => canonical(one) === canonical(item)),
    2,
    2,
  ],
  'States.ArrayRange': [
    (first, last, step) =>
      required(
        range(integer(first), integer(last), integer(step)),
        'the range must have at most 1,000 numbers and a step that is not 0',
      ),
    3,
    3,
  ],
  'States.ArrayGetItem': [itemAt, 2, 2],
  'States.ArrayLength': [(items) => list(items).length, 1, 1],
  'States.ArrayUnique': [unique, 1, 1],
  'States.Base64Encode': [(data) => Buffer.from(base64Input(data)).toString('base64'), 1, 1],
  'States.Base64Decode': [(data) => Buffer.from(base64Input(data), 'base64').toString(), 1, 1],
  'States.Hash': [(data, algorithm) => required(digest(data, algorithm), 'unsupported hash algorithm'), 2, 2],
  'States.JsonMerge': [merge, 3, 3],
  'States.MathRandom': [mathRandom, 2, 3],
  'States.MathAdd': [(left, right) => integer(left) + integer(right), 2, 2],
  'States.StringSplit': [split, 2, 2],
  'States.UUID': [() => randomUUID(), 0, 0],
};

const parsed = new Map<string, Expression>();

/**
 * The value of an intrinsic function call such as `States.Format('{}', $.name)`.
 * @param resolve gives the value of a path among the arguments
 * @throws States.IntrinsicFailure for a call that cannot be parsed or whose arguments do not fit
 */
export function evaluateIntrinsic(source: string, resolve: (path: string) => unknown): unknown {
  let expression = parsed.get(source);
  if (!expression) {
    expression = parseIntrinsic(source);
    parsed.set(source, expression);
  }
  return evaluate(expression, resolve, false);
}

function evaluate(expression: Expression, resolve: (path: string) => unknown, isFormat: boolean): unknown {
  if (expression.kind === 'path') return resolve(expression.path);
  if (expression.kind === 'literal') return isFormat ? expression.value : withoutEscapes(expression.value);
  const [apply, least, most] = required(INTRINSICS[expression.name], `unknown function '${expression.name}'`);
  const { name, args } = expression;
  if (args.length < least || args.length > most)
    throw intrinsicFault(`wrong number of arguments for ${name}`);
  // Only States.Format gives escaped braces a meaning, and only in its template.
  return apply(...args.map((arg, index) => evaluate(arg, resolve, name === 'States.Format' && index === 0)));
}

function withoutEscapes(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\\([{}])/g, '$1') : value;
}
