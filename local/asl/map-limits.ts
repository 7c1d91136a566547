import { queryFault, runtimeFault, type StateFault } from './errors';
import type { Frame } from './frame';
import { isExpression } from './jsonata';
import { query } from './jsonpath';
import { json } from './size';

/** Iterations at a time when MaxConcurrency is absent or 0; AWS runs 40 inline and up to 10,000 distributed. */
const CONCURRENCY = { inline: 40, distributed: 1000 };

interface NumberSource {
  literal?: unknown;
  path?: string;
}

/** A number of 0 or more from a field, its `Path` twin or an expression; undefined when the state has none. */
export async function readNumber(
  frame: Frame,
  field: string,
  effective: unknown,
  source: NumberSource = sourceOf(frame, field),
  bounds: { integer: boolean; most: number } = { integer: true, most: Number.POSITIVE_INFINITY },
): Promise<number | undefined> {
  const { literal, path } = source;
  if (literal === undefined && path === undefined) return undefined;
  const value = await readValue(frame, field, effective, source);
  const fault = (reason: string): StateFault =>
    frame.usesJsonata && isExpression(literal) ? queryFault(reason, field) : runtimeFault(reason);
  if (typeof value !== 'number' || (bounds.integer && !Number.isInteger(value))) {
    const kind = bounds.integer ? 'integer' : 'number';
    throw fault(
      `The ${field}Path field refers to value "${json(value)}" which is not a valid ${kind}: ${path}`,
    );
  }
  if (value < 0) throw fault(`${field} cannot be negative.`);
  if (value > bounds.most) throw fault(`${field} cannot be greater than ${bounds.most}.`);
  return value;
}

function sourceOf({ state }: Frame, field: string): NumberSource {
  return { literal: state[field], path: state[`${field}Path`] as string | undefined };
}

async function readValue(frame: Frame, field: string, effective: unknown, { literal, path }: NumberSource) {
  if (frame.usesJsonata) return frame.evaluate(literal, field);
  if (path === undefined) return literal;
  const value = query(path, frame.paths(effective), `${field}Path`);
  // A path may lead to a number written as a string.
  const isWritten = typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value));
  return isWritten ? Number(value) : value;
}

/** How many iterations may run at a time. */
export async function maxConcurrency(
  frame: Frame,
  effective: unknown,
  isDistributed: boolean,
): Promise<number> {
  const most = await readNumber(frame, 'MaxConcurrency', effective);
  return most || (isDistributed ? CONCURRENCY.distributed : CONCURRENCY.inline);
}

/** Whether so many failures of so many items are more than the state tolerates; only distributed maps tolerate any. */
export type IsTooMany = (failed: number, total: number) => boolean;

export async function failureTolerance(frame: Frame, effective: unknown): Promise<IsTooMany> {
  const count = await readNumber(frame, 'ToleratedFailureCount', effective);
  const percentage = await readNumber(
    frame,
    'ToleratedFailurePercentage',
    effective,
    sourceOf(frame, 'ToleratedFailurePercentage'),
    { integer: false, most: 100 },
  );
  if (count === undefined && percentage === undefined) return (failed) => failed > 0;
  return (failed, total) =>
    (count !== undefined && failed > count) ||
    (percentage !== undefined && (failed / total) * 100 > percentage);
}
