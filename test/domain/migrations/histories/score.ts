import type { Effect } from './effects';

/** How well statements are told apart: of those that harm, those that are found; of the others, those that are suspected. */
export interface Score {
  statements: number;
  /** Blocks the live version for as long as a big table is big, or breaks it. */
  harmful: number;
  found: number;
  falseAlarms: number;
  /** Findings in all, several on one statement included. */
  findings: number;
}

export const isHarmful = ({ blocks, broken }: Effect) => blocks || broken.length > 0;

/** `count` tells how many findings there are on a statement. */
export function scoreOf<T extends Effect>(
  judged: readonly T[],
  count: (statement: T, index: number) => number,
): Score {
  const counts = judged.map(count);
  const number = (test: (harms: boolean, findings: number) => boolean) =>
    judged.filter((statement, i) => test(isHarmful(statement), counts[i]!)).length;
  return {
    statements: judged.length,
    harmful: number((harms) => harms),
    found: number((harms, findings) => harms && findings > 0),
    falseAlarms: number((harms, findings) => !harms && findings > 0),
    findings: counts.reduce((sum, findings) => sum + findings, 0),
  };
}
