/** What a message shows of a value that somebody sent: a piece of it, in one line, that no terminal, log or page takes for its own. */

const LONGEST = 80;
const DEEPEST = 3;
const MOST_MEMBERS = 10;

/**
 * Characters that a reader does not see as they are: control characters (a terminal obeys them, a log begins a new line),
 * halves of surrogate pairs, line separators, and those that change the direction of what follows.
 * Source: Unicode Standard, chapter 23.1 (control codes) and UAX #9 (bidirectional formatting characters).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The first character that cannot be shown as it is, as `U+001B`; undefined when there is none. */
export function unprintable(text: string): string | undefined {
  const [found] = text.match(UNPRINTABLE) ?? [];
  return found && `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text with escapes for what cannot be shown; `kept` characters stay. */
export const printable = (text: string, kept = '') =>
  text.replace(UNPRINTABLE, (character) => (kept.includes(character) ? character : escaped(character)));

/** Cut before it is looked at: it may be a quarter of a megabyte. No half of a surrogate pair is left at the cut. */
const cut = (text: string) =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 3).replace(/[\ud800-\udbff]$/, '')}...` : text;

function list(value: object, depth: number): string {
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? '[]' : '{}';
  if (depth === DEEPEST) return `${open}...${close}`;
  const keys = Object.keys(value);
  const members = keys.slice(0, MOST_MEMBERS).map((key) => {
    const member = pieceOf((value as Record<string, unknown>)[key], depth + 1);
    return isArray ? member : `${JSON.stringify(cut(key))}:${member}`;
  });
  return `${open}${[...members, ...(keys.length > MOST_MEMBERS ? ['...'] : [])].join(',')}${close}`;
}

function pieceOf(value: unknown, depth: number): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(cut(value));
  // not JSON's null for what JSON has no number for
  if (value === null || typeof value !== 'object') return String(value);
  return list(value, depth);
}

/** Any value as a message may quote it: `"text"`, `7`, `{"a":[1,...]}`, `nothing`; at most about a line. */
export const shown = (value: unknown): string => cut(printable(pieceOf(value, 0)));
