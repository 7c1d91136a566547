import { StatesError } from './errors';

/** Step Functions' limit on one input, output or variable, in bytes of UTF-8. */
const LIMIT_BYTES = 262_144;

/** The value as JSON; a value that JSON cannot hold (`undefined`) is null. */
export function json(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/** Throws States.DataLimitExceeded when the JSON `text` is larger than Step Functions passes between states. */
export function checkSize(text: string, subject: string): void {
  // A UTF-16 unit becomes at most three bytes, so most texts need no counting.
  if (text.length * 3 <= LIMIT_BYTES || Buffer.byteLength(text) <= LIMIT_BYTES) return;
  throw new StatesError(
    'States.DataLimitExceeded',
    `The state/task '${subject}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
