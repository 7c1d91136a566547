import type { Payload } from './payload';

/** A visit of a state that is about to begin or under way. */
export interface Position {
  name: string;
  input: Payload;
  /** The id of the event that tells of its beginning; absent before that. */
  entered?: number;
}

/** Where a scope stands, kept so that a redrive goes on from there: the machine, a branch, an iteration. */
export interface Progress {
  /** The last state that was begun; absent before the first. */
  at?: Position;
  /** The scopes inside that state, when it is a Parallel or an inline Map. */
  inner: Progress[];
  /** What is assigned in this scope; a state assigns when it is left, so a failed state sees what it saw before. */
  variables?: Record<string, unknown>;
  /** The output of a scope that has ended well; it is not run again. */
  ended?: Payload;
  /** Whether the state at hand goes on after a redrive, and its scopes with it. */
  resumed: boolean;
}

export const newProgress = (): Progress => ({ inner: [], resumed: false });

/** To be called before a redrive. */
export function resume(progress: Progress): void {
  progress.resumed = true;
  for (const inner of progress.inner) resume(inner);
}

/** The next state of the scope is at hand. */
export function advance(progress: Progress, to: Position): void {
  progress.at = to;
  progress.inner = [];
  progress.resumed = false;
}

/**
 * The progress of the `count` scopes of the state at hand. Those that a redrive kept go on once: when a retrier has
 * the whole state tried again, all of them begin anew.
 */
export function innerProgress(progress: Progress, count: number): { inner: Progress[]; resumed: boolean } {
  const resumed = progress.resumed && progress.inner.length === count;
  if (!resumed) progress.inner = Array.from({ length: count }, newProgress);
  progress.resumed = false;
  return { inner: progress.inner, resumed };
}
