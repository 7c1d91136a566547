import { refuse } from './refuse';
import type { Rule } from './rules';
import { type Token, tokensOf } from './wildcard';

/** How many beginnings of wildcards a value may fit at the same time before EventBridge refuses the pattern. */
const LIMIT = 10;

/**
 * Refuses a pattern whose wildcards could be in too many places at the same time, by the measure of aws/event-ruler
 * (MachineComplexityEvaluator). AWS publishes the refusal, not its limit: rules of 9 were seen accepted, of 12 refused.
 */
export function checkComplexity(rules: readonly Rule[]): void {
  for (const rule of rules) {
    for (const terms of rule.values()) {
      const wildcards = new Set(terms.flatMap((term) => term.wildcards ?? []));
      if (isTooComplex([...wildcards])) {
        refuse(
          'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
        );
      }
    }
  }
}

/** The tokens of all wildcards in a row. A place is the index of the token that comes next in one of them. */
type Row = readonly (Token | 'end')[];

const QUOTE = { character: '"' };

/** Walks every value that could come, as the set of places it reaches, until one set is too large. */
function isTooComplex(wildcards: readonly string[]): boolean {
  const row: Row = wildcards.flatMap((wildcard) => [QUOTE, ...tokensOf(wildcard), QUOTE, 'end' as const]);
  // undefined stands for every character that no wildcard names
  const alphabet = new Set([undefined, ...row.map(characterOf)]);
  const starts = [...row.keys()].filter((place) => place === 0 || row[place - 1] === 'end');
  const pending = [starts];
  const seen = new Set<string>();
  for (let from = pending.pop(); from; from = pending.pop()) {
    for (const character of alphabet) {
      const reached = step(row, from, character);
      if (reached.length > LIMIT) return true;
      const key = reached.join();
      if (seen.has(key)) continue;
      seen.add(key);
      pending.push(reached);
    }
  }
  return false;
}

const characterOf = (token: Row[number]) => (typeof token === 'object' ? token.character : undefined);

function step(row: Row, from: readonly number[], character: string | undefined): number[] {
  const reached = new Set<number>();
  const reach = (place: number) => {
    reached.add(place);
    // `*` stands for nothing as well
    if (row[place] === 'any') reach(place + 1);
  };
  for (const place of from) {
    if (row[place - 1] === 'any') reach(place);
    if (character !== undefined && characterOf(row[place]!) === character) reach(place + 1);
  }
  return [...reached].sort((a, b) => a - b);
}
