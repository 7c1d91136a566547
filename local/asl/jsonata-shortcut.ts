import type { Bindings } from './jsonata-library';
import { OPERATORS } from './jsonata-operators';

/** A node of the library's syntax tree, with the fields that a shortcut knows. */
export interface Node {
  type: string;
  value?: unknown;
  steps?: Node[];
  lhs?: Node;
  rhs?: Node;
  condition?: Node;
  then?: Node;
  else?: Node;
}

/** A predicate, a group, a binding, or whatever else makes a node more than these fields say, is for the library. */
const FIELDS = new Set(['type', 'value', 'position', 'steps', 'lhs', 'rhs', 'condition', 'then', 'else']);

/**
 * The value of an expression without the library, to which every step is a promise or more. Undefined unless it is
 * certain that the library says the same: then it has to say, be it a value, nothing or an error. The value may be
 * part of what was seen.
 */
export type Shortcut = (bindings: Bindings) => unknown;

/** The shortcut of an expression made of literals, paths from variables, operators and conditions, if it is. */
export function shortcutOf(node: Node | undefined): Shortcut | undefined {
  if (!node || !Object.keys(node).every((field) => FIELDS.has(field))) return undefined;
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return () => node.value;
    case 'variable':
      return pathShortcut([node]);
    case 'path':
      return pathShortcut(node.steps!);
    case 'binary':
      return node.value === 'and' || node.value === 'or' ? logicalShortcut(node) : binaryShortcut(node);
    case 'condition':
      return conditionShortcut(node);
    default:
      return undefined;
  }
}

/** Marks of the library's own functions, in which it finds no member, even when they are keys of somebody's data. */
const isMarked = (value: Record<string, unknown>) =>
  value._jsonata_function === true || value._jsonata_lambda === true;

/** Of an array the library finds the members of all its items, and takes one for the array of it. */
function member(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const object = value as Record<string, unknown>;
  return Object.hasOwn(object, name) && !isMarked(object) ? object[name] : undefined;
}

function pathShortcut([first, ...rest]: Node[]): Shortcut | undefined {
  const isNamed = (node: Node | undefined, type: string) =>
    node?.type === type && Object.keys(node).length === 3;
  if (!isNamed(first, 'variable') || !rest.every((step) => isNamed(step, 'name'))) return undefined;
  const [variable, ...names] = [first!, ...rest].map(({ value }) => value as string);
  const start = variable === 'states' ? stateShortcut(names.shift()) : variableShortcut(variable!);
  return (
    start &&
    ((bindings) => {
      let value = start(bindings);
      for (const name of names) value = member(value, name);
      return value;
    })
  );
}

/** `eval` is left out of what an expression sees. */
const variableShortcut = (name: string): Shortcut | undefined =>
  name === 'eval' ? undefined : ({ variables }) => member(variables, name);

/** Of `$states`, which as a whole is for the library. */
function stateShortcut(name: string | undefined): Shortcut | undefined {
  if (name === undefined) return undefined;
  return name === 'context' ? (bindings) => bindings.context() : ({ stage }) => member(stage, name);
}

function binaryShortcut({ value, lhs, rhs }: Node): Shortcut | undefined {
  const apply = OPERATORS[value as string];
  const left = shortcutOf(lhs);
  const right = shortcutOf(rhs);
  if (!apply || !left || !right) return undefined;
  return (bindings) => {
    const [first, second] = [left(bindings), right(bindings)];
    return first === undefined || second === undefined ? undefined : apply(first, second);
  };
}

function logicalShortcut({ value, lhs, rhs }: Node): Shortcut | undefined {
  const left = shortcutOf(lhs);
  const right = shortcutOf(rhs);
  const decisive = value === 'or';
  return (
    left &&
    ((bindings) => {
      const first = left(bindings);
      if (first === decisive) return decisive;
      const second = first === !decisive ? right?.(bindings) : undefined;
      return typeof second === 'boolean' ? second : undefined;
    })
  );
}

function conditionShortcut(node: Node): Shortcut | undefined {
  const [test, yes, no] = [node.condition, node.then, node.else].map(shortcutOf);
  return (
    test &&
    ((bindings) => {
      const holds = test(bindings);
      return typeof holds === 'boolean' ? (holds ? yes : no)?.(bindings) : undefined;
    })
  );
}
