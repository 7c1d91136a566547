const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/**
 * Nanoseconds since the epoch of an RFC 3339 timestamp with capital T and Z, as the States Language wants them;
 * undefined when `value` is none (no offset, an impossible date, not a string).
 */
export function parseTimestamp(value: unknown): bigint | undefined {
  const parts = typeof value === 'string' ? RFC_3339.exec(value) : null;
  if (!parts) return undefined;
  const ms = Date.parse(`${parts[1]}${parts[3]}`);
  if (Number.isNaN(ms) || !isCalendarDate(parts[1]!.slice(0, 10))) return undefined;
  const fraction = (parts[2] ?? '').slice(0, 9).padEnd(9, '0');
  return BigInt(ms) * 1_000_000n + BigInt(fraction);
}

/** Date.parse rolls 30 February over into March. */
function isCalendarDate(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
