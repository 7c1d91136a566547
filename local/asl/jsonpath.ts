import { JSONPath } from 'jsonpath-plus';
import { runtimeFault } from './errors';
import { json } from './size';

/** What a path can start from: `$` the input, `$$` the context object, `$name` a variable. */
export interface PathScope {
  input: unknown;
  context(): unknown;
  variables: Readonly<Record<string, unknown>>;
}

interface CompiledPath {
  root: 'input' | 'context' | 'variable';
  variable?: string;
  /** The steps of a path that names at most one place; absent when it can name many and gives an array. */
  steps?: (string | number)[];
  /** The path below its root, starting with `$`. */
  text: string;
}

type Found = { found: true; value: unknown } | { found: false };

const STEP =
  /\.([^.[\]()*?@'"\s,:]+)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*(-?\d+)\s*\]/y;

/** The steps of a reference path such as `$.a['b c'][0]`; undefined for a path with wildcards, slices or filters. */
export function referenceSteps(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match) return undefined;
    const [, dotted, single, double, index] = match;
    steps.push(index === undefined ? (dotted ?? unquoted(single ?? double!)) : Number(index));
  }
  return steps;
}

const unquoted = (quoted: string) => quoted.replace(/\\(.)/g, '$1');

const compiled = new Map<string, CompiledPath>();

function compile(path: string): CompiledPath {
  const known = compiled.get(path);
  if (known) return known;
  const made = parse(path);
  compiled.set(path, made);
  return made;
}

function parse(path: string): CompiledPath {
  if (!path.startsWith('$')) throw runtimeFault(`Invalid path '${path}' : Path must start with '$'`);
  if (path.startsWith('$$'))
    return { root: 'context', text: path.slice(1), steps: referenceSteps(path.slice(1)) };
  const variable = /^\$([\p{ID_Start}_][\p{ID_Continue}]*)/u.exec(path)?.[1];
  if (variable === undefined) return { root: 'input', text: path, steps: referenceSteps(path) };
  const text = `$${path.slice(variable.length + 1)}`;
  return { root: 'variable', variable, text, steps: referenceSteps(text) };
}

function rootOf(path: CompiledPath, scope: PathScope): unknown {
  if (path.root === 'input') return scope.input;
  if (path.root === 'context') return scope.context();
  const name = path.variable!;
  if (!Object.hasOwn(scope.variables, name)) throw runtimeFault(`The variable '${name}' is not assigned`);
  return scope.variables[name];
}

function walk(value: unknown, steps: readonly (string | number)[]): Found {
  let here = value;
  for (const step of steps) {
    if (here === null || typeof here !== 'object') return { found: false };
    if (Array.isArray(here)) {
      if (typeof step !== 'number') return { found: false };
      const index = step < 0 ? here.length + step : step;
      if (index < 0 || index >= here.length) return { found: false };
      here = here[index];
    } else {
      if (!Object.hasOwn(here, step)) return { found: false };
      here = (here as Record<string | number, unknown>)[step];
    }
  }
  return { found: true, value: here };
}

function select(root: unknown, path: string): unknown[] {
  if (root === null || typeof root !== 'object') return [];
  try {
    // `safe` evaluates filters with a small expression evaluator instead of the JavaScript engine.
    return JSONPath({ path, json: root, wrap: true, eval: 'safe' }) ?? [];
  } catch (error) {
    throw runtimeFault(`Invalid path '${path}' : ${(error as Error).message}`);
  }
}

/** What a path names; a path that can name many places is always found, as a possibly empty array. */
export function lookup(path: string, scope: PathScope): Found {
  const target = compile(path);
  const root = rootOf(target, scope);
  return target.steps ? walk(root, target.steps) : { found: true, value: select(root, target.text) };
}

/** Whether a path names something, as the IsPresent operator asks; a variable never assigned is not present. */
export function isPresent(path: string, scope: PathScope): boolean {
  const { root, variable, steps } = compile(path);
  if (root === 'variable' && !Object.hasOwn(scope.variables, variable!)) return false;
  const result = lookup(path, scope);
  return result.found && (steps !== undefined || (result.value as unknown[]).length > 0);
}

/**
 * The value a path names.
 * @param field the field that holds the path, for the message
 * @throws States.Runtime when it names nothing
 */
export function query(path: string, scope: PathScope, field: string): unknown {
  const result = lookup(path, scope);
  if (result.found) return result.value;
  throw runtimeFault(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${json(scope.input)}'`,
  );
}
