import { runtimeFault, StateFault } from './errors';
import { referenceSteps } from './jsonpath';

type Container = Record<string | number, unknown>;

/**
 * The input with `value` at the place a ResultPath names; the input itself is not changed.
 * @param path null keeps the input, absent or `$` replaces it
 * @throws States.ResultPathMatchFailure when the input has something else than an object where one is needed
 */
export function placeResult(input: unknown, path: string | null | undefined, value: unknown): unknown {
  if (path === undefined || path === '$') return value;
  if (path === null) return input;
  const steps = path.startsWith('$.') || path.startsWith('$[') ? referenceSteps(path) : undefined;
  if (!steps) throw runtimeFault(`Invalid ResultPath '${path}' : it must be a reference path`);
  return place(input, steps, value, path, true);
}

function place(
  target: unknown,
  steps: readonly (string | number)[],
  value: unknown,
  path: string,
  isInput = false,
): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const copy = copyOf(target, step, path, isInput);
  copy[step] = place(copy[step], rest, value, path);
  return copy;
}

function copyOf(target: unknown, step: string | number, path: string, isInput: boolean): Container {
  if (Array.isArray(target) && typeof step === 'number' && step >= 0 && step < target.length) {
    return [...target] as unknown as Container;
  }
  if (!isInput && (target === undefined || target === null)) return {};
  if (target === null || typeof target !== 'object' || Array.isArray(target)) {
    throw new StateFault('States.ResultPathMatchFailure', `Unable to apply ReferencePath ${path} to input`);
  }
  return { ...(target as Container) };
}
