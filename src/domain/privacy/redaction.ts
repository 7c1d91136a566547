import { withoutPasswords, withoutSecrets } from './passwords';
import { withoutData, withoutRows } from './rows';

/** Takes out of a text what must not be in a log, a message or the journal. */
export type Redact = (text: string) => string;

const known = new Map<string, Redact>();

/**
 * What every text passes that leaves: passwords and values of rows go out, and whatever a pattern of one's own finds. Texts of
 * others have passed stricter rules before, where they came in: `withoutValues`, `withoutPrivate`.
 * @param patterns that `patternProblem` has nothing against
 */
export function redaction(patterns: readonly string[]): Redact {
  const key = patterns.join('\n');
  const made = known.get(key);
  if (made) return made;
  const own = patterns.map((pattern) => new RegExp(pattern, 'gu'));
  const redact: Redact = (text) =>
    own.reduce((said, pattern) => said.replace(pattern, '***'), withoutRows(withoutPasswords(text)));
  known.set(key, redact);
  return redact;
}

/** What a person wrote, without secrets, rows and addresses of people. */
export const withoutPrivate: Redact = (text) => withoutData(withoutRows(withoutSecrets(text)));

/** Members that are for people, be it one word. */
const WORDS = new Set(['reason', 'cause', 'because', 'detail', 'requestedBy', 'by', 'warnings', 'remarks']);
/** Carried through the graph and used as they are; what a service is set to is in its stack. */
const USED = new Set(['settings']);

/**
 * A value with all its texts redacted. A text of one word is a name (of a task, an image, a migration) unless its member is for
 * people: the graph goes on with it.
 */
export function redacted<T>(value: T, redact: Redact, member = ''): T {
  if (typeof value === 'string') return (/\s/.test(value) || WORDS.has(member) ? redact(value) : value) as T;
  if (Array.isArray(value)) return value.map((one) => redacted(one, redact, member)) as T;
  if (value === null || typeof value !== 'object' || value.constructor !== Object) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, USED.has(name) ? one : redacted(one, redact, name)]),
  ) as T;
}

/** The text redacted but for its link to the page at `answers`, whose key its reader has to get as it is. */
export function aroundLink(text: string, answers: string, redact: Redact): string {
  const at = answers === '' ? -1 : text.indexOf(answers);
  if (at < 0) return redact(text);
  const [link = ''] = /^\S+/.exec(text.slice(at)) ?? [];
  return redact(text.slice(0, at)) + link + redact(text.slice(at + link.length));
}

/** Errors of a driver or of the language, whose words may quote what they were given. */
const QUOTING = /^(SyntaxError|TypeError|RangeError|URIError|error)$/;
export const mayQuote = ({ name }: Error): boolean => QUOTING.test(name);
