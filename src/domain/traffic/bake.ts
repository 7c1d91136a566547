import type { GreenVerdict } from '../evidence/verdict';
import { nextLook, type Often } from './observation-interval';
import { forgotten, type Hold, isPaused, isPromoted, pausedLook } from './pause';
import { LATEST_PERIODS } from './scale-down';

export interface Bake {
  elapsedSeconds: number;
  bakeSeconds: number;
  /** How far into the bake the load balancer has published what green's users got; 0 when nothing of it. */
  publishedSeconds: number;
  /** How often it publishes. */
  periodSeconds: number;
  /** Whether green is released only with requests of users. */
  usersNeeded: boolean;
  /** Beyond the bake, or beyond the last acquittal while workers move, how long undecided evidence is waited for. */
  evidenceSeconds: number;
  /** When a look last acquitted green and its workers went on to move, in seconds of the bake. */
  acquittedSeconds?: number;
  lastStep: boolean;
  /** So long nobody may shorten it to. */
  minimumSeconds: number;
  /** Whether one look alone found what takes two to convict. */
  suspected: boolean;
  often?: Often;
  /** What an operator asked for; a resumed bake has all of its time for evidence again. */
  hold?: Hold;
}
export type Next = { next: 'return' | 'shift' | 'finish' } | { next: 'wait'; waitSeconds: number };

/** Longer than a database's or a network's hiccup, shorter than anybody waits. */
const RECHECK_SECONDS = 10;

/**
 * What follows a look at green: convicted at any time, acquitted only at the end of the bake, never by silence, and not
 * before a period of its last minutes is published; where no users are needed, once none can be published any more. (An Application Load Balancer publishes once a minute, and CloudWatch
 * shows it one to three minutes later.)
 */
export function afterLook({ verdict }: Pick<GreenVerdict, 'verdict'>, bake: Bake): Next {
  if (verdict === 'unhealthy') return { next: 'return' };
  const { hold } = bake;
  if (isPaused(hold))
    return forgotten(hold) ? { next: 'return' } : { next: 'wait', waitSeconds: pausedLook(hold) };
  const on = { next: bake.lastStep ? ('finish' as const) : ('shift' as const) };
  // a person answers for what was not seen; never for what convicts
  if (
    isPromoted(hold, bake.elapsedSeconds) &&
    bake.elapsedSeconds >= Math.min(bake.minimumSeconds, bake.bakeSeconds)
  )
    return on;
  // what is published late is missing at the end: a green that fails in the bake's last minutes would pass
  const nothingComes =
    bake.elapsedSeconds >=
    bake.bakeSeconds + Math.min(LATEST_PERIODS * bake.periodSeconds, bake.evidenceSeconds);
  const seen =
    bake.publishedSeconds > bake.bakeSeconds - 2 * bake.periodSeconds || (nothingComes && !bake.usersNeeded);
  const over = bake.elapsedSeconds >= bake.bakeSeconds;
  if (over && seen && verdict === 'healthy') return on;
  const resumedSeconds = hold ? bake.elapsedSeconds - hold.seenSeconds : 0;
  const judgedSeconds = Math.max(bake.bakeSeconds, resumedSeconds, bake.acquittedSeconds ?? 0);
  if (bake.elapsedSeconds >= judgedSeconds + bake.evidenceSeconds) return { next: 'return' };
  const waitSeconds = nextLook(bake.elapsedSeconds, bake.bakeSeconds, bake.often);
  return { next: 'wait', waitSeconds: bake.suspected ? Math.min(RECHECK_SECONDS, waitSeconds) : waitSeconds };
}

/**
 * Is green asked test requests at this look? As often as it would be looked at without metrics of the service's own: more of
 * them would drown its users' requests.
 * @param askedSeconds when it was last asked, in seconds of the bake; undefined when it never was
 */
export function isAsked(
  { elapsedSeconds, bakeSeconds, suspected }: Pick<Bake, 'elapsedSeconds' | 'bakeSeconds' | 'suspected'>,
  askedSeconds: number | undefined,
): boolean {
  if (askedSeconds === undefined || suspected) return true;
  return elapsedSeconds >= askedSeconds + nextLook(askedSeconds, bakeSeconds);
}

/** Long enough for a quiet service to have given blue some requests, short enough to be about the same day's traffic. */
export const BASELINE_SECONDS = 600;

/**
 * From when on blue's answers count, in ms since the epoch. While both sides have traffic, the same minutes; with all
 * of it on green, blue's last minutes before the first shift, as far as they are its own: a slot counts the answers of
 * every version that it has held.
 */
export function baselineStart(
  shift: { greenPercent: number; since: string; firstAt: string },
  bakeSeconds: number,
  periodSeconds: number,
  aloneSince?: string,
): number {
  if (shift.greenPercent < 100) return Date.parse(shift.since);
  const lately = Date.parse(shift.firstAt) - Math.max(bakeSeconds, BASELINE_SECONDS) * 1000;
  if (aloneSince === undefined) return lately;
  // CloudWatch rounds down to the period, and there the previous version answered
  const period = periodSeconds * 1000;
  return Math.max(lately, Math.ceil(Date.parse(aloneSince) / period) * period);
}
