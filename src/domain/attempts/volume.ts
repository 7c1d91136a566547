import type { Verdict } from './attempt';

/** A statement on tables as full as production's. */
export interface Measured {
  /** The command's tag, or what was written: ALTER TABLE, UPDATE. */
  kind: string;
  about: readonly string[];
  ms: number;
  /** Held behind it, on tables that had rows before, strongest each. */
  locks: readonly { relation: string; mode: string }[];
}

/** Modes that make writers wait, weakest first. Source: PostgreSQL documentation, "Explicit Locking". */
const BLOCKING = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/** Users notice a second; after five whatever waits for a lock in a deployment gives up. */
const NOTICED_MS = 1_000;
const HURTS_MS = 5_000;

/** Of each relation the strongest lock, as people write it. */
export function strongest(
  locks: readonly { relation: string; mode: string }[] | null,
  full: ReadonlySet<string>,
) {
  const found = new Map<string, string>();
  for (const { relation, mode } of locks ?? [])
    if (full.has(relation) && BLOCKING.indexOf(mode) >= BLOCKING.indexOf(found.get(relation) ?? ''))
      found.set(relation, mode);
  return [...found].map(([relation, mode]) => ({ relation, mode }));
}

/** "AccessExclusiveLock" as PostgreSQL's documentation writes it. */
export const modeText = (mode: string) =>
  mode
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/**
 * What a statement means for whoever works meanwhile.
 * @param times how many times as many rows production has as there were here
 */
export function judged(
  { kind, ms, locks }: Measured,
  times: (relation: string) => number,
): { verdict: Verdict; message: string } | undefined {
  const blocking = locks.filter(({ mode }) => BLOCKING.includes(mode));
  if (blocking.length === 0) return undefined;
  const more = Math.max(...blocking.map(({ relation }) => times(relation)));
  const expected = ms * more;
  if (expected < NOTICED_MS) return undefined;
  const held = blocking.map(({ relation, mode }) => `${modeText(mode)} on ${relation}`).join(', ');
  const there = more > 1 ? `, which would be ${seconds(expected)} on as many rows as production has` : '';
  return {
    verdict: expected >= HURTS_MS ? 'fails' : 'warns',
    message: `${kind} took ${seconds(ms)} under ${held}${there}`,
  };
}
