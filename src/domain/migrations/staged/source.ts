import { parser } from '../parser';

interface Token {
  start: number;
  end: number;
  text: string;
}

/** The text of a statement, cut at what the parser found: positions are bytes, as the parser's are. */
export interface Source {
  /** From a position to the comma or bracket that ends the part, or to the first of `stops` behind it. */
  part(from: number, stops?: readonly number[]): string;
  /** Position of the first of these words at or behind `from` that stands in no bracket; undefined when none does. */
  find(words: readonly string[], from: number): number | undefined;
  /** Between two positions, without the semicolon and blanks around. */
  between(from: number, to?: number): string;
}

const OPEN = new Set(['(', '[']);
const CLOSE = new Set([')', ']']);

export function sourceOf(sql: string): Source {
  const bytes = new TextEncoder().encode(sql);
  const between = (from: number, to?: number) =>
    new TextDecoder().decode(bytes.subarray(from, to)).trim().replace(/;$/, '').trim();
  const tokens: readonly Token[] = parser().scanSync(sql).tokens;

  /** The first token behind `from`, in no bracket that was opened since, that satisfies the predicate. */
  function first(from: number, wanted: (token: Token) => boolean): Token | undefined {
    let depth = 0;
    for (const token of tokens) {
      if (token.start < from) continue;
      if (depth === 0 && wanted(token)) return token;
      if (OPEN.has(token.text)) depth += 1;
      if (CLOSE.has(token.text)) depth -= 1;
    }
    return undefined;
  }

  return {
    between,
    find: (words, from) => first(from, ({ text }) => words.includes(text.toUpperCase()))?.start,
    part(from, stops = []) {
      const stop = stops.filter((position) => position > from);
      const end = first(from, ({ start, text }) => [',', ';', ')'].includes(text) || stop.includes(start));
      return between(from, end?.start);
    },
  };
}
