import { runtimeFault } from './errors';
import { PathSyntaxError, parseSelectors, type Selector } from './path-grammar';
import { child, select } from './path-selection';
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
  /** The steps of a reference path. */
  steps?: (string | number)[];
  /** Gives one value; any other path gives an array of what it names. */
  isDefinite: boolean;
  selectors: Selector[];
}

type Found = { found: true; value: unknown } | { found: false };

/** The steps of a reference path such as `$.a['b c'][0]`; undefined for a path with wildcards, slices or filters. */
export function referenceSteps(path: string): (string | number)[] | undefined {
  return stepsOf(parse(path).selectors);
}

function stepsOf(selectors: readonly Selector[]): (string | number)[] | undefined {
  const steps = selectors.flatMap((selector) => (selector.kind === 'child' ? [selector.step] : []));
  return steps.length === selectors.length ? steps : undefined;
}

const compiled = new Map<string, CompiledPath>();

function compile(path: string): CompiledPath {
  const known = compiled.get(path);
  if (known) return known;
  const made = parse(path);
  compiled.set(path, made);
  return made;
}

function parse(path: string): CompiledPath {
  try {
    return parseRoot(path);
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    throw runtimeFault(`Invalid path '${path}' : ${error.message}`);
  }
}

function parseRoot(path: string): CompiledPath {
  if (!path.startsWith('$')) throw new PathSyntaxError("a path must start with '$'");
  const variable = /^\$([\p{ID_Start}_][\p{ID_Continue}]*)/u.exec(path)?.[1];
  const isContext = path.startsWith('$$');
  const root = variable !== undefined ? 'variable' : isContext ? 'context' : 'input';
  const selectors = parseSelectors(path, isContext ? 2 : 1 + (variable?.length ?? 0));
  const isDefinite = selectors.every(({ kind }) => kind === 'child' || kind === 'names');
  return { root, variable, selectors, steps: stepsOf(selectors), isDefinite };
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
    const found = child(here, step);
    if (found.length === 0) return { found: false };
    here = found[0];
  }
  return { found: true, value: here };
}

/** What a path names; a path that can name many places is always found, as a possibly empty array. */
export function lookup(path: string, scope: PathScope): Found {
  const target = compile(path);
  const root = rootOf(target, scope);
  if (target.steps) return walk(root, target.steps);
  const values = select(root, target.selectors);
  if (!target.isDefinite) return { found: true, value: values };
  return values.length === 0 ? { found: false } : { found: true, value: values[0] };
}

/** Whether a path names something, as the IsPresent operator asks; a variable never assigned is not present. */
export function isPresent(path: string, scope: PathScope): boolean {
  const { root, variable, isDefinite } = compile(path);
  if (root === 'variable' && !Object.hasOwn(scope.variables, variable!)) return false;
  const result = lookup(path, scope);
  return result.found && (isDefinite || (result.value as unknown[]).length > 0);
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
