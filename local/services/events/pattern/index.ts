import { checkComplexity } from './complexity';
import { type Leaf, leavesOf, together } from './leaves';
import { type Rule, rulesOf } from './rules';
import type { Term } from './terms';

export { PatternError } from './refuse';

/** Whether an event, as parsed JSON, matches. */
export type Pattern = (event: unknown) => boolean;

/**
 * Compiles an event pattern in the semantics of EventBridge (user guide, "Comparison operators for use in event
 * patterns") and of its open-source matcher, aws/event-ruler. Throws a PatternError with the matcher's words for what
 * EventBridge refuses with InvalidEventPatternException.
 * @param pattern the parsed JSON
 */
export function compile(pattern: unknown): Pattern {
  const rules = rulesOf(pattern);
  checkComplexity(rules);
  return (event) => {
    const leaves = leavesOf(event);
    return rules.some((rule) => matches(rule, leaves));
  };
}

function matches(rule: Rule, leaves: ReadonlyMap<string, Leaf[]>): boolean {
  const fields: Leaf[][] = [];
  for (const [path, terms] of rule) {
    const given = leaves.get(path) ?? [];
    if (given.length === 0 && terms.some(({ isAbsence }) => isAbsence)) continue;
    const fitting = given.filter(({ value }) => terms.some((term: Term) => term.matches(value)));
    if (fitting.length === 0) return false;
    fields.push(fitting);
  }
  return together(fields);
}
