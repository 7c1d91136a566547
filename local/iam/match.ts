import type { Context } from './context';

/** Stand-ins for `*` and `?` that are meant literally: they came from a variable. */
const LITERAL_STAR = '\u0001';
const LITERAL_MARK = '\u0002';

/**
 * Puts in policy variables: `${aws:PrincipalAccount}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the
 * characters themselves. Undefined when a variable has no value: such a pattern matches nothing.
 */
export function expand(pattern: string, context: Context): string | undefined {
  let missing = false;
  const expanded = pattern.replace(/\$\{([^}]*)\}/g, (_, variable: string) => {
    if (variable === '$') return '$';
    if (variable === '*') return LITERAL_STAR;
    if (variable === '?') return LITERAL_MARK;
    const [, key = variable, otherwise] = /^(.*?)\s*,\s*'(.*)'$/.exec(variable) ?? [];
    const value = [context[key.toLowerCase()] ?? otherwise].flat()[0];
    if (value === undefined) missing = true;
    return String(value).replaceAll('*', LITERAL_STAR).replaceAll('?', LITERAL_MARK);
  });
  return missing ? undefined : expanded;
}

/** What an expanded pattern says where wildcards mean nothing. */
export const plain = (expanded: string) =>
  expanded.replaceAll(LITERAL_STAR, '*').replaceAll(LITERAL_MARK, '?');

const compiled = new Map<string, RegExp>();

/** `*` is any run of characters, `?` any single one; the whole value must match. */
export function wildcard(pattern: string, value: string, flags = ''): boolean {
  const key = `${flags}/${pattern}`;
  let regexp = compiled.get(key);
  if (!regexp) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
      .replaceAll(LITERAL_STAR, '\\*')
      .replaceAll(LITERAL_MARK, '\\?');
    regexp = new RegExp(`^${source}$`, `s${flags}`);
    compiled.set(key, regexp);
  }
  return regexp.test(value);
}

const SEGMENTS = 6;

/** `arn:partition:service:region:account:resource`, where the resource may have colons of its own. */
export const isArn = (text: string): boolean => text.split(':').length >= SEGMENTS;

function segments(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, SEGMENTS - 1), parts.slice(SEGMENTS - 1).join(':')];
}

/**
 * ARNs are compared segment by segment: a `*` in the region does not reach into the account. What is no ARN matches
 * nothing, except that the pattern `*` matches everything.
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  if (!isArn(pattern) || !isArn(arn)) return false;
  const actual = segments(arn);
  return segments(pattern).every((part, i) => wildcard(part, actual[i] ?? ''));
}
