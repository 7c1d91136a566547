import type { ChoiceRule } from './definition';
import type { Frame } from './frame';
import { query } from './jsonpath';
import { fillTemplate } from './payload-template';
import { placeResult } from './reference-path';

/** What a visit of a state gives: the input of the next one, and the variables it assigns. */
export interface StateOutput {
  output: unknown;
  assigned?: Record<string, unknown>;
}

/** States whose result is `$states.result` and goes through ResultSelector; of the others it is their input. */
export const HAS_RESULT: ReadonlySet<string> = new Set(['Task', 'Parallel', 'Map']);

/** The output of a state that succeeded with `result`; `rule` is the Choice rule that matched, if any. */
export function stateOutput(
  frame: Frame,
  result: unknown,
  rule?: ChoiceRule,
): Promise<StateOutput> | StateOutput {
  const assign = frame.state.Type === 'Choice' && rule ? rule.Assign : frame.state.Assign;
  return frame.usesJsonata
    ? jsonataOutput(frame, result, assign, rule?.Output ?? frame.state.Output)
    : jsonPathOutput(frame, result, assign);
}

async function jsonataOutput(
  frame: Frame,
  result: unknown,
  assign: unknown,
  template: unknown,
): Promise<StateOutput> {
  const stage = HAS_RESULT.has(frame.state.Type) ? { result } : undefined;
  // Both see the variables as they were when the state was entered: what is assigned takes effect afterwards.
  const output = template === undefined ? result : await frame.evaluate(template, 'Output', stage);
  const assigned = assign === undefined ? undefined : await frame.evaluate(assign, 'Assign', stage);
  return { output, assigned: assigned as Record<string, unknown> | undefined };
}

function jsonPathOutput(frame: Frame, result: unknown, assign: unknown): StateOutput {
  const { Type, ResultSelector, ResultPath, OutputPath } = frame.state;
  const selected =
    HAS_RESULT.has(Type) && ResultSelector !== undefined
      ? fillTemplate(ResultSelector, frame.paths(result))
      : result;
  const assigned = assign === undefined ? undefined : fillTemplate(assign, frame.paths(selected));
  const placed =
    HAS_RESULT.has(Type) || Type === 'Pass' ? placeResult(frame.input, ResultPath, selected) : selected;
  const output = outputPath(frame, OutputPath, placed);
  return { output, assigned: assigned as Record<string, unknown> | undefined };
}

function outputPath(frame: Frame, path: string | null | undefined, output: unknown): unknown {
  if (path === undefined) return output;
  return path === null ? {} : query(path, frame.paths(output), 'OutputPath');
}
