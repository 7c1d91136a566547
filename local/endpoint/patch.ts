const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/**
 * JSON merge patch (RFC 7386): objects merge, `null` removes, everything else replaces. One addition: an object
 * laid on a list is laid on each of its elements, so `{ tasks: { containers: { exitCode: null } } }` takes the
 * exit code from every container of every task. Returns a changed copy.
 */
export function applyPatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (Array.isArray(target)) return target.map((element) => applyPatch(element, patch));
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = applyPatch(result[name], value);
  }
  return result;
}
