import { type Assessment, strongest, waits } from './assessment';

const SEVERITY = ['none', 'expand', 'opaque', 'expand-slow', 'contract', 'irreversible'];
const BREAKS = ['no', 'conditional', 'yes'] as const;

const weight = (assessment: Assessment) =>
  (assessment.refused ? 1000 : 0) +
  (assessment.stops ? 100 : 0) +
  SEVERITY.indexOf(assessment.class) * 10 +
  BREAKS.indexOf(assessment.breaksLiveVersion);

/** What to do instead of all of them, each once. */
const remediesOf = (assessments: Assessment[]): string[] =>
  [...new Map(assessments.map(({ text: { remedy } }) => [remedy.join('\n'), remedy])).values()].flat();

/** One assessment of several about the same statement: the worst decides, and all that is taken is added up. */
export function combine(assessments: Assessment[]): Assessment {
  const [worst] = [...assessments].sort((left, right) => weight(right) - weight(left));
  if (!worst || worst.refused || assessments.length === 1) return worst!;
  const locks = strongest(assessments.flatMap((assessment) => assessment.locks));
  const { blocksWrites } = waits(locks);
  // what is long under a weak lock is long under the strong one that another part takes
  const held = assessments.find(({ long, blocksWrites: own }) => long && !own);
  const slow = blocksWrites && held !== undefined && !worst.stops;
  const any = (test: (assessment: Assessment) => boolean) => assessments.some(test);
  const together: Partial<Assessment> = slow
    ? { class: 'expand-slow', stops: true, harmsEveryVersion: true, rule: 'slow-under-lock' }
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
    breaksLiveVersion:
      BREAKS.findLast((degree) => any(({ breaksLiveVersion }) => breaksLiveVersion === degree)) ?? 'no',
    harmsEveryVersion: slow || any(({ harmsEveryVersion }) => harmsEveryVersion),
    reversible: assessments.every(({ reversible }) => reversible),
    text: slow
      ? {
          ...held.text,
          slow,
          under: { locks: [], cause: 'another part of the statement takes the lock' },
          notice: worst.text.notice || held.text.notice,
          remedy: ['Give each part a statement of its own, in a migration of its own.'],
        }
      : { ...worst.text, remedy: remediesOf(assessments.filter(({ stops }) => stops || !worst.stops)) },
  };
}
