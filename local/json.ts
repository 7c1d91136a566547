/**
 * AWS does not say how deeply JSON may be nested; readers of JSON commonly stop here, and values far deeper would end the
 * process that writes them again.
 */
const DEEPEST = 1000;

/** By these the JSONata of this process knows a function; to AWS they are keys like any other. */
const MARKS = ['_jsonata_function', '_jsonata_lambda'];

function problemOf(value: unknown, levels: number): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number in it is too large';
  if (value === null || typeof value !== 'object') return undefined;
  const mark = MARKS.find((name) => (value as Record<string, unknown>)[name] === true);
  if (mark) return `the local cloud cannot tell an object with ${mark}: true from a function of JSONata`;
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
