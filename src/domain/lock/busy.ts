import type { Answer } from '../approval/question';
import { rollbackCommand } from '../rollback/command';
import type { OnBusy } from '../settings/choices';

/** The lock of a service as somebody else holds it. */
export interface Busy {
  holder: string;
  /** `<time>#<id>`: of two deployments the greater is the newer. */
  stamp: string;
  expires: string;
  moved: boolean;
  stuck: boolean;
  successor?: string;
}
export type BusyAnswer = { do: 'reject'; because: string } | { do: 'wait' } | { do: 'supersede' };

/** The id behind the time in `stamp`. */
export const deploymentOf = (stamp: string) => stamp.slice(stamp.indexOf('#') + 1);

/**
 * What a deployment does that finds its service's lock taken. Of several that want to supersede, the newest wins: an
 * older one is rejected, and the holder gives way as long as no user has seen its version.
 * @param mine `stamp` of the deployment that wants the lock
 * @param late how long it has waited beyond its deadline, if it has
 * @param stack name of the workflow's stack
 */
export function whenBusy(
  busy: Busy,
  onBusy: OnBusy,
  mine: string,
  { now, late, stack }: { now: Date; late: string | undefined; stack: string },
): BusyAnswer {
  const reject = (because: string): BusyAnswer => ({ do: 'reject', because });
  const { holder } = busy;
  if (busy.stuck)
    return reject(
      `deployment ${holder} waits for an operator; roll it back with ${rollbackCommand(holder, stack)}, or free its lock as its message says`,
    );
  if (onBusy === 'reject')
    return reject(
      Date.parse(busy.expires) < now.getTime()
        ? `deployment ${holder} left its lock when its lease ended at ${busy.expires}; what it left half-way is undone first, within minutes: start again after that`
        : `deployment ${holder} holds the lock; start again when it has ended, or ask with "onBusy": "wait" or "supersede"`,
    );
  if (late) return reject(`deployment ${holder} still holds the lock after ${late}`);
  if (onBusy === 'wait') return { do: 'wait' };
  const newer = [busy.stamp, busy.successor ?? ''].find((stamp) => stamp > mine);
  if (newer) return reject(`deployment ${deploymentOf(newer)} was asked for later and goes first`);
  if (busy.moved)
    return reject(
      `deployment ${holder} has users on its version already, so it is not superseded; start again when it has ended`,
    );
  return { do: 'supersede' };
}

/** The answer to what a superseded deployment has asked people: nobody need think about it any more. */
export const withdrawal = (by: string, now: Date): Answer => ({
  approved: false,
  by: `deployment ${by}`,
  reason: 'it was asked for later and supersedes this one',
  at: now.toISOString(),
});
