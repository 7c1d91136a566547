import { FIELDS } from './fields';
import type { Bad } from './requests';

const LONGEST = 8_000;
/** What tells of a program that stumbled rather than of a request that it read. */
const STUMBLED =
  /RangeError|TypeError|SyntaxError|ReferenceError|ZodError|\[object |Maximum call stack|States\.[A-Z]\w+ |at \w+ \(|Cannot read/;
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const PATHS = FIELDS.map(({ path }) => `request.${path.join('.')}`);

const begins = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}.`);

const patterns = new Map<string, RegExp>();

/** Does the message speak of a path, and not only of one that begins alike? */
function speaksOf(message: string, path: string): boolean {
  const pattern =
    patterns.get(path) ?? new RegExp(`(^|[\\s;:,])${path.replaceAll('.', '\\.')}(\\.[\\w.]+)?: `);
  patterns.set(path, pattern);
  return pattern.test(message);
}

/** What is wrong with the message that a rejected request got; none when it is of use and harms nobody. */
export function messageProblems(message: string, { paths }: Pick<Bad, 'paths'>): string[] {
  const innocent = PATHS.filter(
    (path) =>
      speaksOf(message, path) && !paths.some((guilty) => begins(path, guilty) || begins(guilty, path)),
  );
  return [
    ...(paths.some((path) => speaksOf(message, path)) ? [] : [`names none of ${paths.join(', ')}`]),
    ...innocent.map((path) => `complains of ${path}, which is good`),
    ...(/expected|unknown "|knows no|was rejected/.test(message) ? [] : ['says not what was expected']),
    ...(STUMBLED.test(message) ? ['tells of a stumble'] : []),
    ...(UNPRINTABLE.test(message) ? ['cannot be printed as it is'] : []),
    ...(message.length > LONGEST ? [`has ${message.length} characters`] : []),
  ];
}
