import { runtimeFault } from './errors';
import { evaluateIntrinsic } from './intrinsics';
import { type PathScope, query } from './jsonpath';

/** The value of a path or of an intrinsic function call, as it stands in fields named `….$` and in ErrorPath, CausePath. */
export function evaluatePathOrCall(text: string, scope: PathScope, field: string): unknown {
  if (text.startsWith('$')) return query(text, scope, field);
  return evaluateIntrinsic(text, (path) => query(path, scope, field));
}

/** A payload template with every field `name.$` replaced by the field `name` and what its path or call gives. */
export function fillTemplate(template: unknown, scope: PathScope): unknown {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, scope));
  if (template === null || typeof template !== 'object') return template;
  const filled: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(template)) {
    if (!key.endsWith('.$')) filled[key] = fillTemplate(value, scope);
    else if (typeof value === 'string') filled[key.slice(0, -2)] = evaluatePathOrCall(value, scope, key);
    else
      throw runtimeFault(
        `The value for the field '${key}' must be a STRING that contains a JSONPath or a call`,
      );
  }
  return filled;
}
