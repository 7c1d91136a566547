/** The value of an operator, or undefined where only the library can say it: of other types, or of what is no number. */
export type Operator = (left: unknown, right: unknown) => unknown;

const arithmetic =
  (apply: (left: number, right: number) => number): Operator =>
  (left, right) =>
    Number.isFinite(left) && Number.isFinite(right) ? apply(left as number, right as number) : undefined;

const comparison =
  (holds: (left: string | number, right: string | number) => boolean): Operator =>
  (left, right) =>
    (typeof left === 'number' && typeof right === 'number') ||
    (typeof left === 'string' && typeof right === 'string')
      ? holds(left, right)
      : undefined;

const isScalar = (value: unknown) => value === null || typeof value !== 'object';

const equality =
  (holds: Operator): Operator =>
  (left, right) =>
    isScalar(left) || isScalar(right) ? holds(left, right) : undefined;

/** Operators of JSONata that need both their sides, on values that are there. */
export const OPERATORS: Record<string, Operator> = {
  '+': arithmetic((left, right) => left + right),
  '-': arithmetic((left, right) => left - right),
  '*': arithmetic((left, right) => left * right),
  '/': arithmetic((left, right) => left / right),
  '%': arithmetic((left, right) => left % right),
  '<': comparison((left, right) => left < right),
  '<=': comparison((left, right) => left <= right),
  '>': comparison((left, right) => left > right),
  '>=': comparison((left, right) => left >= right),
  '=': equality((left, right) => left === right),
  '!=': equality((left, right) => left !== right),
  '&': (left, right) => (typeof left === 'string' && typeof right === 'string' ? left + right : undefined),
};
