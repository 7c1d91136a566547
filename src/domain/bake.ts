import type { Verdict } from './verdict';
import { nextLook } from './verdict';

export interface Bake {
  elapsedSeconds: number;
  bakeSeconds: number;
  /** Beyond the bake, how long undecided evidence is waited for. */
  evidenceSeconds: number;
  lastStep: boolean;
}
export type Next = { next: 'return' | 'shift' | 'finish' } | { next: 'wait'; waitSeconds: number };

/** What follows a look at green: convicted at any time, acquitted only at the end of the bake, never by silence. */
export function afterLook({ verdict }: Verdict, bake: Bake): Next {
  if (verdict === 'unhealthy') return { next: 'return' };
  const over = bake.elapsedSeconds >= bake.bakeSeconds;
  if (over && verdict === 'healthy') return { next: bake.lastStep ? 'finish' : 'shift' };
  if (bake.elapsedSeconds >= bake.bakeSeconds + bake.evidenceSeconds) return { next: 'return' };
  return { next: 'wait', waitSeconds: nextLook(bake.elapsedSeconds, bake.bakeSeconds) };
}
