import { strongest, type Verdict, waits } from './verdict';

const SEVERITY = ['none', 'expand', 'opaque', 'expand-slow', 'contract', 'irreversible'];
const BREAKS = ['no', 'conditional', 'yes'] as const;

const weight = (verdict: Verdict) =>
  (verdict.stops ? 100 : 0) + SEVERITY.indexOf(verdict.class) * 10 + BREAKS.indexOf(verdict.breaksOldVersion);

/** One verdict of several about the same statement: the worst decides, and all that is taken is added up. */
export function combine(verdicts: Verdict[]): Verdict {
  const [worst] = [...verdicts].sort((left, right) => weight(right) - weight(left));
  if (!worst || verdicts.length === 1) return worst!;
  const locks = strongest(verdicts.flatMap((verdict) => verdict.locks));
  const { blocksReads, blocksWrites } = waits(locks);
  // what is long under a weak lock is long under the strong one that another part takes
  const held = verdicts.find(({ long, blocksWrites: own }) => long && !own);
  const slow = blocksWrites && held !== undefined && !worst.stops;
  const any = (test: (verdict: Verdict) => boolean) => verdicts.some(test);
  const together: Partial<Verdict> = slow
    ? {
        class: 'expand-slow',
        stops: true,
        harmsEveryVersion: true,
        rule: 'slow-under-lock',
        message: `${held.message}; and another part of the statement locks ${locks.map(({ relation }) => relation).join(' and ')}, so ${blocksReads ? 'reads and writes wait' : 'writes wait'} for that long`,
      }
    : {};
  return {
    ...worst,
    ...together,
    locks,
    blocksReads: any(({ blocksReads }) => blocksReads),
    blocksWrites: any(({ blocksWrites }) => blocksWrites),
    rewrite: any(({ rewrite }) => rewrite),
    scan: any(({ scan }) => scan),
    long: any(({ long }) => long),
    breaksOldVersion:
      BREAKS.findLast((degree) => any(({ breaksOldVersion }) => breaksOldVersion === degree)) ?? 'no',
    harmsEveryVersion: slow || any(({ harmsEveryVersion }) => harmsEveryVersion),
    reversible: verdicts.every(({ reversible }) => reversible),
    remedy: slow
      ? 'a statement of its own for each part, in a migration of its own'
      : [...new Set(verdicts.filter(({ stops }) => stops || !worst.stops).map(({ remedy }) => remedy))]
          .filter((remedy) => remedy !== '')
          .join('; also: '),
  };
}
