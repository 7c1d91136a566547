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
  /** Where the part that begins at or before `from` ends. */
  end(from: number): number;
  /** The parts of an ALTER TABLE, behind the name at `from`. */
  parts(from: number): string[];
  /** Position of the first round bracket that opens at or behind `from`. */
  bracket(from: number): number | undefined;
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

  const endOf = (from: number, stops: readonly number[] = []) =>
    first(from, ({ start, text }) => [',', ';', ')'].includes(text) || stops.includes(start))?.start;

  return {
    between,
    end: (from) => endOf(from) ?? bytes.length,
    parts(from) {
      // a name is words with points between them, and an asterisk says that heirs are meant, too
      const at = tokens.findIndex(({ start }) => start >= from);
      let i = at + 1;
      while (tokens[i]?.text === '.') i += 2;
      if (tokens[i]?.text === '*') i += 1;
      const found: string[] = [];
      for (let start = tokens[i]?.start; start !== undefined; ) {
        const end = endOf(start);
        found.push(between(start, end));
        start =
          end !== undefined && tokens.find((token) => token.start === end)?.text === ','
            ? end + 1
            : undefined;
      }
      return found;
    },
    find: (words, from) => first(from, ({ text }) => words.includes(text.toUpperCase()))?.start,
    bracket: (from) => first(from, ({ text }) => text === '(')?.start,
    part(from, stops = []) {
      const stop = stops.filter((position) => position > from);
      return between(from, endOf(from, stop));
    },
  };
}
