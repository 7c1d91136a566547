import './zod-english';
import type * as z from 'zod/mini';
import { printable, shown } from './printable';

/** One request may be wrong in every field; what is wrong in a thousand places is told by the first of them. */
const MOST_PROBLEMS = 50;
const MOST_KEYS = 10;

/** A place in a value. */
type Path = readonly PropertyKey[];

/**
 * Every problem of an invalid value, one line each: where it is, what was received, what was expected.
 * @param named how whoever wrote the value calls a place in it
 */
export function problemsOf(
  error: Pick<z.core.$ZodError, 'issues'>,
  value: unknown,
  root: string,
  named: (path: Path) => Path = (path) => path,
): string[] {
  const problems = error.issues.slice(0, MOST_PROBLEMS).map((issue) => {
    const path = [root, ...named(issue.path).map((key) => printable(String(key)))].join('.');
    return problemOf(issue, value, path);
  });
  const more = error.issues.length - problems.length;
  return more > 0 ? [...problems, `and ${more} more problems`] : problems;
}

function problemOf(issue: z.core.$ZodIssue, value: unknown, path: string): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.slice(0, MOST_KEYS).map(shown);
    const more = issue.keys.length > MOST_KEYS ? ` and ${issue.keys.length - MOST_KEYS} more` : '';
    return `${path}: unknown ${keys.join(', ')}${more}; remove it or check the spelling`;
  }
  const received = issue.path.reduce<unknown>(
    (at, key) =>
      at === null || typeof at !== 'object' ? undefined : (at as Record<PropertyKey, unknown>)[key],
    value,
  );
  const expected = issue.message.replace(/^Invalid \w+: /, '').replace(/, received \w+$/, '');
  return `${path}: ${expected}, received ${shown(received)}`;
}
