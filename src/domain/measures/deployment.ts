import * as z from 'zod/mini';
import type { StepName } from '../results';
import { returnTrafficResult, undoRolloutResult } from '../results/return';
import { type JournalRow, LOCK_RELEASED } from '../results/row';
import { observeGreenResult } from '../results/shift';
import { secondsSince } from '../time/deadline';
import { beyondDeadline, limitsOf } from './deadlines';
import { type Measures, phaseMeasure } from './measure';

const ENDS: readonly string[] = [
  'CompleteDeployment',
  'ReleaseLock',
  'CallOperator',
  LOCK_RELEASED,
] satisfies (StepName | typeof LOCK_RELEASED)[];

/** What was done since the deployment last came to an end: it may have been left to an operator, or be rolled back after its release. */
export function sinceItsLastEnd(rows: readonly JournalRow[]): readonly JournalRow[] {
  return rows.slice(rows.findLastIndex(({ step }) => ENDS.includes(step)) + 1);
}

/** From a state to the next one the deployment was in its phase. */
function secondsByPhase(rows: readonly JournalRow[], now: Date): Measures {
  const seconds: Record<string, number> = {};
  for (const [index, { phase, at }] of rows.entries()) {
    const next = rows[index + 1];
    const name = phaseMeasure(phase);
    seconds[name] = (seconds[name] ?? 0) + secondsSince(at, next ? new Date(next.at) : now);
  }
  return seconds;
}

const observed = ({ step, result }: JournalRow) =>
  step === 'ObserveGreen' ? observeGreenResult().safeParse(result).data : undefined;

const isReturned = ({ step, result }: JournalRow): boolean =>
  step === 'UndoRollout'
    ? undoRolloutResult().safeParse(result).data?.status === 'returned'
    : step === 'ReturnTraffic' && (returnTrafficResult().safeParse(result).data?.returned ?? false);

/** From the look that convicted green to all users on blue. */
function verdictToBlue(rows: readonly JournalRow[]): Measures {
  const convicted = rows.findIndex((row) => observed(row)?.verdict === 'unhealthy');
  const returned = convicted < 0 ? undefined : rows.slice(convicted).find(isReturned);
  if (!returned) return {};
  return { VerdictToBlueSeconds: secondsSince(rows[convicted]!.at, new Date(returned.at)) };
}

const counts = z.tuple([z.number(), z.number()]);

/** What green's users have lost: requests that failed or that nobody answered, as the last look at each share counts them. */
function lostRequests(rows: readonly JournalRow[]): Measures {
  const shares: number[] = [];
  let isNew = true;
  for (const row of rows) {
    if (row.step === 'ShiftTraffic') isNew = true;
    const lost = counts.safeParse(observed(row)?.evidence.errors?.numbers.green).data?.[0];
    if (lost === undefined) continue;
    if (isNew) shares.push(lost);
    else shares[shares.length - 1] = lost;
    isNew = false;
  }
  return shares.length === 0 ? {} : { LostRequests: shares.reduce((sum, lost) => sum + lost, 0) };
}

/**
 * What there is to measure of a deployment that comes to its end now, from its journal.
 * @param rows without that of the step that ends it
 * @param outcome counted under its own name
 */
export function measuresOf(
  all: readonly JournalRow[],
  { outcome, now }: { outcome: string; now: Date },
): { service: string | undefined; measures: Measures } {
  // the step may be tried again once it has written its row
  const rows = sinceItsLastEnd(all.filter(({ at }) => Date.parse(at) < now.getTime()));
  const limits = limitsOf(all);
  const late = limits ? beyondDeadline(rows, limits, now) : [];
  return {
    service: limits?.service,
    measures: {
      [outcome]: 1,
      ...secondsByPhase(rows, now),
      ...(rows[0] && { DeploymentSeconds: secondsSince(rows[0].at, now) }),
      ...verdictToBlue(rows),
      ...lostRequests(rows),
      ...(late.length > 0 && { PhasesBeyondDeadline: late.length }),
    },
  };
}
