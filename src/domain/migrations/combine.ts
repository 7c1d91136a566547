import { strongest, type Verdict } from './verdict';

const SEVERITY = ['none', 'expand', 'opaque', 'expand-slow', 'contract', 'irreversible'];
const BREAKS = ['no', 'conditional', 'yes'] as const;

const weight = (verdict: Verdict) =>
  (verdict.stops ? 100 : 0) + SEVERITY.indexOf(verdict.class) * 10 + BREAKS.indexOf(verdict.breaksOldVersion);

/** One verdict of several about the same statement: the worst decides, and all that is taken is added up. */
export function combine(verdicts: Verdict[]): Verdict {
  const [worst] = [...verdicts].sort((left, right) => weight(right) - weight(left));
  if (!worst || verdicts.length === 1) return worst!;
  const locks = strongest(verdicts.flatMap((verdict) => verdict.locks));
  const any = (test: (verdict: Verdict) => boolean) => verdicts.some(test);
  return {
    ...worst,
    locks,
    blocksReads: any(({ blocksReads }) => blocksReads),
    blocksWrites: any(({ blocksWrites }) => blocksWrites),
    rewrite: any(({ rewrite }) => rewrite),
    scan: any(({ scan }) => scan),
    long: any(({ long }) => long),
    breaksOldVersion:
      BREAKS.findLast((degree) => any(({ breaksOldVersion }) => breaksOldVersion === degree)) ?? 'no',
    harmsEveryVersion: any(({ harmsEveryVersion }) => harmsEveryVersion),
    reversible: verdicts.every(({ reversible }) => reversible),
    remedy: [...new Set(verdicts.filter(({ stops }) => stops || !worst.stops).map(({ remedy }) => remedy))]
      .filter((remedy) => remedy !== '')
      .join('; also: '),
  };
}
