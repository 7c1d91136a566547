import type { Condition, Operand, Selector } from './path-grammar';

type Container = Record<string | number, unknown>;

const isContainer = (value: unknown): value is Container => value !== null && typeof value === 'object';

/** The child of an object by name or of an array by index, from the end when negative; empty when there is none. */
export function child(value: unknown, step: string | number): [unknown] | [] {
  if (!isContainer(value)) return [];
  if (!Array.isArray(value)) return Object.hasOwn(value, step) ? [value[step]] : [];
  if (typeof step !== 'number') return [];
  const index = step < 0 ? value.length + step : step;
  return index >= 0 && index < value.length ? [value[index]] : [];
}

/** All values that the selectors name below `root`, in document order. */
export function select(root: unknown, selectors: readonly Selector[]): unknown[] {
  return selectFrom([root], selectors, root);
}

function selectFrom(start: unknown[], selectors: readonly Selector[], root: unknown): unknown[] {
  let values = start;
  for (const selector of selectors) values = values.flatMap((value) => apply(selector, value, root));
  return values;
}

function apply(selector: Selector, value: unknown, root: unknown): unknown[] {
  switch (selector.kind) {
    case 'child':
      return child(value, selector.step);
    case 'names':
      return isContainer(value) && !Array.isArray(value) ? [pick(value, selector.names)] : [];
    case 'indices':
      return selector.indices.flatMap((index) => child(value, index));
    case 'slice':
      return Array.isArray(value) ? slice(value, selector) : [];
    case 'wildcard':
      return isContainer(value) ? Object.values(value) : [];
    case 'descendants':
      return descendants(value);
    case 'filter':
      return candidates(value, selector.onSelf).filter((item) => holds(selector.test, item, root));
  }
}

function pick(value: Container, names: string[]): Container {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(value, name)).map((name) => [name, value[name]]),
  );
}

function slice(
  items: unknown[],
  { from, to, step }: { from?: number; to?: number; step: number },
): unknown[] {
  return items.slice(from, to).filter((_item, index) => step > 0 && index % step === 0);
}

function descendants(value: unknown): unknown[] {
  return isContainer(value) ? [value, ...Object.values(value).flatMap(descendants)] : [];
}

/** A filter tests the items of an array, or an object as a whole. */
function candidates(value: unknown, onSelf: boolean): unknown[] {
  if (!isContainer(value)) return [];
  if (!Array.isArray(value)) return [value];
  return onSelf ? value.filter((item) => !isContainer(item)) : value;
}

function holds(condition: Condition, item: unknown, root: unknown): boolean {
  switch (condition.kind) {
    case 'or':
      return condition.parts.some((part) => holds(part, item, root));
    case 'and':
      return condition.parts.every((part) => holds(part, item, root));
    case 'not':
      return !holds(condition.part, item, root);
    case 'exists':
      return operandValues(condition.path, item, root).length > 0;
    case 'compare': {
      const [left] = operandValues(condition.left, item, root);
      const [right] = operandValues(condition.right, item, root);
      return compare(condition.operator, left, right);
    }
  }
}

/** Nothing where a path names nothing, which no comparison but `!=` holds for. */
function operandValues(operand: Operand, item: unknown, root: unknown): unknown[] {
  if (operand.kind === 'literal') return [operand.value];
  if (operand.kind === 'pattern') return [operand.pattern];
  return selectFrom([operand.root === '@' ? item : root], operand.selectors, root);
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '==') return left !== undefined && equal(left, right);
  if (operator === '!=') return !equal(left, right);
  if (operator === '=~') return typeof left === 'string' && right instanceof RegExp && right.test(left);
  const isIn = Array.isArray(right) && right.some((item) => equal(left, item));
  if (operator === 'in') return isIn;
  if (operator === 'nin') return !isIn;
  if (typeof left !== typeof right || !(typeof left === 'number' || typeof left === 'string')) return false;
  return inOrder(operator, left, right as typeof left);
}

function inOrder<Value extends number | string>(operator: string, left: Value, right: Value): boolean {
  if (left === right) return operator.endsWith('=');
  return operator.startsWith('<') ? left < right : left > right;
}

const equal = (left: unknown, right: unknown) =>
  left === right || JSON.stringify(left) === JSON.stringify(right);
