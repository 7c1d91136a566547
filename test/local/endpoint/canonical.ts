import { NumericValue } from '@smithy/core/serde';

/** A value as plain JSON, the same for both ends of a call and for other languages: dates "@ms", blobs "b64:...". */
export function canonical(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return `@${value.getTime()}`;
  if (value instanceof Uint8Array) return `b64:${Buffer.from(value).toString('base64')}`;
  if (value instanceof NumericValue) return value.string;
  if (value instanceof String) return value.toString();
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .filter(([name]) => name !== '$metadata')
    .map(([name, member]) => [name, canonical(member)] as const)
    .filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Where two canonical values differ, as "path: a != b"; empty when they are equal. */
export function differences(a: unknown, b: unknown, path = ''): string[] {
  if (Object.is(a, b)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) {
    return [`${path || 'value'}: ${JSON.stringify(a)} != ${JSON.stringify(b)}`];
  }
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...names].flatMap((name) => differences(left[name], right[name], `${path}.${name}`));
}
