/**
 * AWS does not say how deeply JSON may be nested; readers of JSON commonly stop here, and values far deeper would end the
 * process that writes them again.
 */
const DEEPEST = 1000;

function problemOf(value: unknown, levels: number): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number in it is too large';
  if (value === null || typeof value !== 'object') return undefined;
  if (levels === 0) return `it is nested more than ${DEEPEST} levels deep`;
  for (const member of Object.values(value)) {
    const problem = problemOf(member, levels - 1);
    if (problem) return problem;
  }
  return undefined;
}

/** The value of a text of JSON. Throws for a text that is none, and for a value that could not be written again as it is. */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const problem = problemOf(value, DEEPEST);
  if (problem) throw new Error(problem);
  return value;
}
