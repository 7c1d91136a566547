import { growingPause } from '../time/deadline';

/** What an operator last asked of a running deployment. */
export interface Control {
  paused: boolean;
  /** What was seen is enough for the asker: the step that green is in ends at the next look. */
  promoted?: boolean;
  by: string;
  reason: string;
  /** The asker's own clock: it tells one request from another and is for people. */
  at: string;
}

/** What was asked, as the deployment sees it. */
export interface Hold {
  control: Control;
  /** Since the look that first saw it, by the workflow's clock. */
  seenSeconds: number;
  /** A pause that nobody ends for so long turns the deployment back. */
  limitSeconds: number;
}

export const isPaused = (hold: Hold | undefined): hold is Hold & { control: { paused: true } } =>
  hold?.control.paused === true;

/** Whether somebody wants this step to end: what was first seen in an earlier one was about that. */
export const isPromoted = (hold: Hold | undefined, elapsedSeconds: number): boolean =>
  hold?.control.promoted === true && hold.seenSeconds <= elapsedSeconds;

/**
 * Why nobody can promote green now; undefined where its step is watched. Whoever answers for what was not seen has to have seen something
 * of the step, and a word said before it would end it at its first look.
 * @param last the newest row of the deployment's journal
 */
export const notWatched = (last: { step: string; result: unknown } | undefined): string | undefined =>
  last?.step === 'ObserveGreen' && (last.result as { next?: string } | null)?.next === 'wait'
    ? undefined
    : `not watched with users on green now, its last step is ${last?.step ?? 'none'}; promote it once green was looked at`;

export const forgotten = ({ seenSeconds, limitSeconds }: Hold) => seenSeconds >= limitSeconds;

/** Seconds until a paused deployment is looked at again: whoever resumes does not wait longer than five minutes. */
export const pausedLook = ({ seenSeconds, limitSeconds }: Hold) =>
  Math.max(1, Math.min(growingPause(seenSeconds, 5), 300, Math.ceil(limitSeconds - seenSeconds)));

/** `paused by ann: ticket 12`. */
export const controlText = ({ paused, promoted, by, reason }: Control) =>
  `${paused ? 'paused' : promoted ? 'promoted' : 'resumed'} by ${by}: ${reason}`;

/** What an operator reads of it in front of the verdict; empty for a deployment that goes its way. */
export function holdText(hold: Hold | undefined, elapsedSeconds: number): string {
  if (hold && isPromoted(hold, elapsedSeconds)) return `${controlText(hold.control)}; `;
  if (!isPaused(hold)) return '';
  return forgotten(hold)
    ? `${controlText(hold.control)}; nobody resumed it for ${Math.round(hold.seenSeconds)} s; `
    : `${controlText(hold.control)}; `;
}
