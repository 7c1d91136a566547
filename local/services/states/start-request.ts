import { randomUUID } from 'node:crypto';
import { InvalidExecutionInput, InvalidName, type StartExecutionInput } from '@aws-sdk/client-sfn';
import { readJson } from '../../json';

const $metadata = {};
const LONGEST_NAME = 80;
const LARGEST_INPUT_BYTES = 262_144;

/** Whitespace, brackets, wildcards, special and control characters, by the API reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it must find
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** The name and input of a new execution, checked. Throws InvalidName or InvalidExecutionInput. */
export function startRequest(request: StartExecutionInput): { name: string; input: string; value: unknown } {
  const { name = randomUUID(), input = '{}' } = request;
  if (name.length === 0 || name.length > LONGEST_NAME || FORBIDDEN.test(name)) {
    throw new InvalidName({ message: `Invalid Name: '${name}'`, $metadata });
  }
  if (Buffer.byteLength(input) > LARGEST_INPUT_BYTES) {
    throw new InvalidExecutionInput({
      message: `Invalid State Machine Execution Input: 'the input exceeds ${LARGEST_INPUT_BYTES} bytes'`,
      $metadata,
    });
  }
  try {
    return { name, input, value: readJson(input) };
  } catch (error) {
    const message = `Invalid State Machine Execution Input: '${(error as Error).message}'`;
    throw new InvalidExecutionInput({ message, $metadata });
  }
}
