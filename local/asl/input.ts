import type { Frame } from './frame';
import { query } from './jsonpath';
import { fillTemplate } from './payload-template';

/** The input after InputPath, which only JSONPath states have. */
export function effectiveInput(frame: Frame): unknown {
  const path = frame.state.InputPath;
  if (frame.usesJsonata || path === undefined) return frame.input;
  return path === null ? {} : query(path, frame.paths(frame.input), 'InputPath');
}

/** What a Task or the branches of a Parallel get: Arguments, or Parameters over the effective input. */
export async function stateArgument(frame: Frame, effective: unknown): Promise<unknown> {
  const { Arguments, Parameters } = frame.state;
  if (frame.usesJsonata)
    return Arguments === undefined ? frame.input : frame.evaluate(Arguments, 'Arguments');
  return Parameters === undefined ? effective : fillTemplate(Parameters, frame.paths(effective));
}
