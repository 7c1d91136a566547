import type { Expression } from 'jsonata';
import { queryFault, type StateFault } from './errors';
import {
  type Bindings,
  evaluateByLibrary,
  libraryExpression,
  plain,
  UnsupportedResult,
} from './jsonata-library';
import { type Node, type Shortcut, shortcutOf } from './jsonata-shortcut';
import { json } from './size';

interface Compiled {
  library: Expression;
  shortcut?: Shortcut;
}

/** By the whole text with its `{%` and `%}`, which a definition has at hand. */
const compiled = new Map<string, Compiled>();

function compile(text: string): Compiled {
  const known = compiled.get(text);
  if (known) return known;
  const library = libraryExpression(expressionText(text));
  const made = { library, shortcut: shortcutOf(library.ast() as Node) };
  compiled.set(text, made);
  return made;
}

export const isExpression = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}');

/** The text between `{%` and `%}`. */
export const expressionText = (value: string) => value.slice(2, -2).trim();

/** The syntax error of an expression, undefined when it parses. */
export function expressionProblem(value: string): string | undefined {
  try {
    compile(value);
    return undefined;
  } catch (error) {
    return (error as { message: string }).message;
  }
}

/** The fields of `$states` that an expression names, such as `result`; none of one that does not parse. */
export function statesFields(value: string): ReadonlySet<string> {
  const fields = new Set<string>();
  if (expressionProblem(value) === undefined) collectFields(compile(value).library.ast(), fields);
  return fields;
}

function collectFields(node: unknown, fields: Set<string>): void {
  if (node === null || typeof node !== 'object') return;
  const { type, steps } = node as Node;
  const [first, second] = type === 'path' ? (steps ?? []) : [];
  if (first?.type === 'variable' && first.value === 'states' && second?.type === 'name')
    fields.add(String(second.value));
  for (const inner of Object.values(node)) collectFields(inner, fields);
}

/**
 * A value of a JSONata field with every `"{% … %}"` in it evaluated.
 * @param field the field's path ("Output/total"), for messages and the history
 * @throws States.QueryEvaluationError when an expression fails or gives nothing or a function
 */
export async function evaluateTemplate(
  template: unknown,
  bindings: Bindings,
  field: string,
): Promise<unknown> {
  const known = valueAtOnce(template, bindings, field);
  if (known !== undefined) return known;
  if (isExpression(template)) return await valueByLibrary(template, bindings, field);
  if (Array.isArray(template)) {
    const items: unknown[] = [];
    for (const [index, item] of template.entries()) {
      items.push(await evaluateTemplate(item, bindings, `${field}[${index}]`));
    }
    return items;
  }
  const filled: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(template as object)) {
    filled[key] = await evaluateTemplate(value, bindings, `${field}/${key}`);
  }
  return filled;
}

/** The value of what needs no waiting; undefined otherwise. */
function valueAtOnce(template: unknown, bindings: Bindings, field: string): unknown {
  if (!isExpression(template))
    return template === null || typeof template !== 'object' ? template : undefined;
  try {
    return plain(compile(template).shortcut?.(bindings));
  } catch (error) {
    throw evaluationFault(template, field, error);
  }
}

async function valueByLibrary(text: string, bindings: Bindings, field: string): Promise<unknown> {
  let value: unknown;
  try {
    value = plain(await evaluateByLibrary(compile(text).library, bindings));
  } catch (error) {
    throw evaluationFault(text, field, error);
  }
  if (value !== undefined) return value;
  throw queryFault(`${subjectOf(text, field)} returned nothing (undefined).`, field);
}

const subjectOf = (text: string, field: string) =>
  `The JSONata expression '${expressionText(text)}' specified for the field '${field}'`;

/** The failure of an expression, in AWS's words around those of the library. */
function evaluationFault(text: string, field: string, error: unknown): StateFault {
  const subject = subjectOf(text, field);
  if (error instanceof UnsupportedResult) {
    return queryFault(`${subject} returned an unsupported result type.`, field);
  }
  const { code, message } = error as { code?: string; message: string };
  const reason = code === undefined ? message : `${code}: ${message}`;
  return queryFault(`${subject} threw an error during evaluation. ${reason}`, field);
}

export type JsonType = 'array' | 'boolean' | 'number' | 'string';

const typeName = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** Throws States.QueryEvaluationError in AWS's words unless the evaluated `value` of `field` has the type. */
export function expectType(value: unknown, type: JsonType, template: unknown, field: string): void {
  const actual = typeName(value);
  if (actual === type) return;
  const subject = isExpression(template)
    ? `${subjectOf(template, field)} returned`
    : `The value specified for the field '${field}' has`;
  const expected = `Expected '${type}', but was '${actual}' for value: ${json(value)}`;
  throw queryFault(`${subject} an unexpected result type. ${expected}`, field);
}
