import '../text/zod-english';
import * as z from 'zod/mini';

/**
 * Patterns of one's own, in a part of the syntax of regular expressions that cannot run away: characters, classes and
 * escapes one after the other, each repeated a bounded number of times. Without groups, alternatives and open repetitions a
 * match tries at most as many ways as the product of its repetitions.
 */
const ATOM = String.raw`(?:\\[dDwWsSbB]|\\[^\p{L}\p{N}\n]|\[\^?(?:\\.|[^\]\\\n])+\]|[^\\[\](){}*+?|^$\n])`;
const TERM = new RegExp(String.raw`${ATOM}(?:\{(\d{1,3})(?:,(\d{1,3}))?\}|(\?))?`, 'uy');

const LONGEST = 100;
const MOST = 20;
const MOST_WAYS = 5_000;

const EXPECTED = `expected at most ${LONGEST} characters: text, classes such as [A-Z0-9] or \\d, each with at most a bounded repetition such as {4} or {2,30}; no groups, no alternatives, no * and no +`;

/** What is wrong with a pattern; undefined when it can be used. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === '' || pattern.length > LONGEST) return EXPECTED;
  let ways = 1;
  let fewest = 0;
  for (let at = 0; at < pattern.length; at = TERM.lastIndex) {
    TERM.lastIndex = at;
    const term = TERM.exec(pattern);
    if (!term) return EXPECTED;
    const [text, least, most, optional] = term;
    const few = optional ? 0 : Number(least ?? 1);
    const many = optional ? 1 : Number(most ?? few);
    if (many < few) return EXPECTED;
    ways *= many - few + 1;
    if (!/^\\[bB]/.test(text)) fewest += few;
  }
  try {
    new RegExp(pattern, 'u');
  } catch {
    return EXPECTED;
  }
  if (fewest === 0) return 'expected a pattern that does not match the empty text';
  return ways > MOST_WAYS
    ? `expected repetitions that leave at most ${MOST_WAYS} ways to match, received ${ways}; bound them closer`
    : undefined;
}

/** Patterns of texts that no log, message or report may show. */
export const patternsSchema = z
  .array(
    z.string().check((found) => {
      const problem = patternProblem(found.value);
      if (problem) found.issues.push({ code: 'custom', message: problem, input: found.value });
    }),
  )
  .check(z.maxLength(MOST));
