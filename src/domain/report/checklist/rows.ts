import type { ResultOf, StepName } from '../../results';
import type { JournalRow } from '../../results/row';
import { readAs } from '../read';

/** The newest result of a step; undefined where there is none. */
export const lastOf = <Step extends StepName>(
  rows: readonly JournalRow[] | undefined,
  step: Step,
): ResultOf<Step> | undefined => rows?.map((row) => readAs(step, row)).findLast(Boolean);
