import type { Ending, Recording } from './recording';

/** Left out of the comparison: what the SDK adds to an answer. */
const IGNORED = new Set(['SdkHttpMetadata', 'SdkResponseMetadata', 'LogResult']);

const PLACEHOLDER_WORDS = new Set(['timestamp', 'date', 'datetime', 'start-time', 'entered-time']);
const PLACEHOLDER =
  /<[\w-]+(:\d+)?>|ArnPart|^(RequestId|X-Amzn-Trace-Id)$|snf_role_arn|lambda_function_name/i;

const isPlaceholder = (text: string) => PLACEHOLDER_WORDS.has(text) || PLACEHOLDER.test(text);

/** Whether a value equals the recorded one; recorded placeholders match anything that is there. */
export function matches(expected: unknown, actual: unknown): boolean {
  if (typeof expected === 'string' && actual !== undefined && isPlaceholder(expected)) return true;
  const [left, right] = [parsed(expected), parsed(actual)];
  if (typeof left === 'number' && typeof right === 'number') return Math.abs(left - right) <= 1e-9;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => matches(item, right[index]))
    );
  }
  if (isRecord(left)) return isRecord(right) && fieldsMatch(left, right);
  return left === right;
}

function fieldsMatch(left: Record<string, unknown>, right: Record<string, unknown>): boolean {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)].filter((key) => !IGNORED.has(key)));
  return [...keys].every((key) => key in left && key in right && matches(left[key], right[key]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Recordings hold some payloads as JSON text and some parsed. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** What differs between two endings, empty when nothing that counts does. */
export function differences(recording: Recording, expected: Ending, actual: Ending): string[] {
  const found: string[] = [];
  if (expected.status !== actual.status)
    found.push(
      `status ${actual.status} instead of ${expected.status}${actual.status === 'REFUSED' ? `: ${actual.error}` : ''}`,
    );
  else if (expected.status === 'SUCCEEDED' && !matches(expected.output, actual.output)) {
    found.push(`output ${JSON.stringify(actual.output)} instead of ${JSON.stringify(expected.output)}`);
  } else if (expected.status === 'FAILED' && !matches(expected.error, actual.error)) {
    found.push(`error ${actual.error} instead of ${expected.error}`);
  }
  if (!sameStates(recording, expected.states, actual.states)) {
    found.push(`states ${actual.states} instead of ${expected.states}`);
  }
  return found;
}

/** In order, or in any order where a machine runs states side by side. */
export function sameStates(recording: Recording, expected?: string[], actual: string[] = []): boolean {
  if (!expected) return true;
  const sideBySide = /"Type":"(Parallel|Map)"/.test(JSON.stringify(recording.definition));
  const order = (states: string[]) => JSON.stringify(sideBySide ? [...states].sort() : states);
  return order(expected) === order(actual);
}
