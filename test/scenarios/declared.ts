import { isDeepStrictEqual } from 'node:util';
import { results, type StepName } from '../../src/domain/results';
import { JOURNAL_VERSION, type JournalRow } from '../../src/domain/results/row';

/**
 * Every row of a journal is what its step declares, with all of its members and no other: in production nothing parses a
 * result where it is made, because by then the effect has happened.
 * @throws Error with the first that is not
 */
export function mustBeDeclared(rows: readonly JournalRow[]): void {
  for (const { step, at, result, version } of rows) {
    const parsed = results[step as StepName]().safeParse(result);
    if (!parsed.success) throw new Error(`${step} of ${at} says what it does not declare: ${parsed.error}`);
    // what is not declared is left out of what was parsed
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(parsed.data)), result) || version !== JOURNAL_VERSION)
      throw new Error(
        `${step} of ${at} says ${JSON.stringify(result)}, and declares of it ${JSON.stringify(parsed.data)}; version ${version}`,
      );
  }
}
