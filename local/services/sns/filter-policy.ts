import { compile, type Pattern, PatternError } from '../events/pattern';
import { invalid } from './faults';
import type { Message } from './message';

export type Scope = 'MessageAttributes' | 'MessageBody';

/** Amazon SNS Developer Guide, "Filter policy constraints". */
const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;
const LONGEST_BYTES = 262_144;

/** Whether a subscription wants a message. */
export type Wants = (message: Message) => boolean;

type Policy = Record<string, unknown>;

const isObject = (value: unknown): value is Policy =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refusal = (reason: string) => invalid(`FilterPolicy: ${reason}`);

function parse(text: string): Policy {
  if (Buffer.byteLength(text) > LONGEST_BYTES) throw refusal('Filter policy is too large');
  try {
    const policy = JSON.parse(text);
    if (isObject(policy)) return policy;
  } catch {
    // Said below.
  }
  throw refusal('failed to parse JSON.');
}

/** The keys of a policy and how many combinations their values make: those within others count once for each level. */
function measure(policy: Policy, level: number): { keys: number; combinations: number } {
  let keys = 0;
  let combinations = 1;
  for (const [name, content] of Object.entries(policy)) {
    const alternatives = name === '$or' && Array.isArray(content) ? content.filter(isObject) : undefined;
    const inner = alternatives ?? (isObject(content) ? [content] : []);
    for (const part of inner) {
      const measured = measure(part, alternatives ? level : level + 1);
      keys += measured.keys;
      combinations *= measured.combinations;
    }
    if (inner.length === 0) {
      keys++;
      combinations *= (Array.isArray(content) ? content.length : 1) * level;
    }
  }
  return { keys, combinations };
}

function compiled(policy: Policy): Pattern {
  try {
    return compile(policy);
  } catch (error) {
    if (error instanceof PatternError) throw refusal(error.message);
    throw error;
  }
}

/**
 * Reads the filter policy of a subscription; throws InvalidParameterException for what is none. Its semantics are those
 * of event patterns, on the message's attributes or on its body.
 */
export function filterOf(text: string, scope: Scope = 'MessageAttributes'): Wants {
  if (scope !== 'MessageAttributes' && scope !== 'MessageBody') {
    throw invalid(
      `FilterPolicyScope: Invalid value [${scope}]. Please use either MessageBody or MessageAttributes`,
    );
  }
  const policy = parse(text);
  if (Object.keys(policy).length === 0) return () => true;
  const isNested = Object.entries(policy).some(([name, content]) => name !== '$or' && isObject(content));
  if (scope === 'MessageAttributes' && isNested) {
    throw refusal('Filter policy scope MessageAttributes does not support nested filter policy');
  }
  const { keys, combinations } = measure(policy, 1);
  if (keys > MOST_KEYS) throw refusal(`Filter policy can not have more than ${MOST_KEYS} keys`);
  if (combinations > MOST_COMBINATIONS) throw refusal('Filter policy is too complex');
  const matches = compiled(policy);
  return scope === 'MessageBody'
    ? ({ message }) => matchesBody(matches, message)
    : ({ attributes }) => matches(valuesOf(attributes));
}

/** A body that is no JSON object is wanted by no policy. */
function matchesBody(matches: Pattern, message: string): boolean {
  try {
    const body = JSON.parse(message);
    return isObject(body) && matches(body);
  } catch {
    return false;
  }
}

/** The attributes as a policy sees them: numbers are numbers, arrays of texts arrays; bytes are not seen. */
function valuesOf(attributes: Message['attributes']): Policy {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { Type, Value }]) => {
      if (Type.startsWith('Binary')) return [];
      if (Type.startsWith('Number')) return [[name, Number(Value)]];
      return [[name, Type === 'String.Array' ? JSON.parse(Value) : Value]];
    }),
  );
}
