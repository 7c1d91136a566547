import { WINDOW_LIMIT_SECONDS } from '../time/limits';
import { closedBy, firstTime, type Weight, type Windows } from './opening';
import { inZone } from './wall-clock';

export interface WindowFacts {
  windows: Windows;
  /** What the request says: it may not begin before, or may although the window is closed, for a reason. */
  notBefore: string | null;
  outsideWindow: string | null;
  weight: Weight;
  /** When it was asked for: it waits no longer than so long from there. */
  since: string;
  now: Date;
  /** How long people have to know before; 0 for what is not announced. */
  aheadSeconds?: number;
  /** For when it was announced to people; null before. */
  announcedFor?: string | null;
}

/** `until`: the window closes then; null for none that closes soon. `at`: it may begin then. */
export type MayBegin =
  | { may: 'now'; until: string | null; because: string }
  | { may: 'later'; at: string; because: string }
  | { may: 'not'; because: string };

const iso = (instant: number) => new Date(instant).toISOString();

/** Why it may not begin at an instant; undefined where it may. */
function closedBecause(windows: Windows, weight: Weight, instant: number): string | undefined {
  const by = closedBy(windows, weight, instant);
  if (by === undefined) return undefined;
  return by === 'outside'
    ? 'no deployment window is open'
    : `nothing is deployed from ${by.from} to ${by.to} (${by.reason})`;
}

/**
 * May a deployment begin now, or when? What its request asks for counts first, then the windows, and that people are told
 * long enough before. An announcement for a time at which it may no longer begin counts as none.
 */
export function mayBegin(facts: WindowFacts): MayBegin {
  const { windows, notBefore, outsideWindow, weight, since, now, aheadSeconds = 0, announcedFor } = facts;
  const present = now.getTime();
  const asked = Math.max(present, notBefore ? Date.parse(notBefore) : 0);
  const until = Date.parse(since) + WINDOW_LIMIT_SECONDS * 1000;
  const said = (instant: number) => inZone(instant, windows.timeZone);
  const later = (at: number, because: string): MayBegin => ({
    may: 'later',
    at: iso(at),
    because: `it waits until ${said(at)}: ${because}`,
  });
  if (outsideWindow !== null)
    return asked > present
      ? later(asked, 'its request says not before')
      : { may: 'now', until: null, because: `it may outside of windows: ${outsideWindow}` };

  const closed = closedBecause(windows, weight, asked);
  if (closed && windows.onClosed === 'reject') {
    const opens = firstTime(windows, weight, 'open', { from: asked, until });
    const next = opens ? `a window opens at ${said(opens)}` : 'none opens within four weeks';
    return { may: 'not', because: `${closed}, at ${said(asked)}; ${next}; ${insteadOf(opens)}` };
  }
  const announced = announcedFor ? Math.max(asked, Date.parse(announcedFor)) : undefined;
  const stands = announced !== undefined && !closedBecause(windows, weight, announced);
  const earliest = stands ? announced : Math.max(asked, present + aheadSeconds * 1000);
  const at = firstTime(windows, weight, 'open', { from: earliest, until });
  if (at === undefined)
    return {
      may: 'not',
      because: `${closed ?? 'its time is too far away'}, and a deployment waits for four weeks at most, until ${said(until)}; ${insteadOf(undefined)}`,
    };
  if (at > earliest) return later(at, closedBecause(windows, weight, earliest) ?? '');
  if (at > asked) return later(at, 'people are told of its maintenance window before');
  if (at > present) return later(at, 'its request says not before');
  const closes = firstTime(windows, weight, 'closed', { from: present, until });
  return closes === undefined
    ? { may: 'now', until: null, because: 'it may begin at any time' }
    : { may: 'now', until: iso(closes), because: `it may begin until ${said(closes)}` };
}

const insteadOf = (opens: number | undefined) =>
  `${opens ? `ask for it with notBefore ${iso(opens)}` : 'ask again later'}, or with outsideWindow and a reason where it cannot wait`;

/** Why what closes the service, or has no rollback behind it, must not begin now although its deployment did; undefined where it may. */
export const closedNow = ({
  deployment: { outsideWindow },
  windows,
  now,
}: Pick<WindowFacts, 'windows' | 'now'> & {
  deployment: Pick<WindowFacts, 'outsideWindow'>;
}): string | undefined =>
  outsideWindow === null ? closedBecause(windows, 'more', now.getTime()) : undefined;
