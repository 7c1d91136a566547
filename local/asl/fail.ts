import { runtimeFault, StatesError } from './errors';
import type { Frame } from './frame';
import { expectType } from './jsonata';
import { evaluatePathOrCall } from './payload-template';

/** The failure a Fail state ends its scope with. */
export async function failureOf(frame: Frame): Promise<StatesError> {
  const error = await word(frame, 'Error');
  return new StatesError(error ?? '', await word(frame, 'Cause'));
}

async function word(frame: Frame, field: 'Error' | 'Cause'): Promise<string | undefined> {
  const template = frame.state[field];
  const path = frame.state[`${field}Path`];
  if (frame.usesJsonata) {
    if (template === undefined) return undefined;
    const value = await frame.evaluate(template, field);
    expectType(value, 'string', template, field);
    return value as string;
  }
  const value =
    path === undefined
      ? template
      : evaluatePathOrCall(String(path), frame.paths(frame.input), `${field}Path`);
  if (value === undefined || typeof value === 'string') return value;
  throw runtimeFault(`The ${field}Path field must reference a string: ${path}`);
}
