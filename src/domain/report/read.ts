import { type ResultOf, results, type StepName } from '../results';
import type { StepRow } from '../results/row';

/** What a row of that step says; undefined for a row of another one, and for one that cannot be read. */
export const readAs = <Step extends StepName>(step: Step, row: StepRow): ResultOf<Step> | undefined =>
  row.step === step ? (results[step]().safeParse(row.result).data as ResultOf<Step> | undefined) : undefined;
