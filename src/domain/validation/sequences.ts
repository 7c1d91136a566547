import { about, check, judgementOf, since } from './check';

/** A sequence that gives a column its values. */
export interface SequencePosition {
  /** "public.orders_id_seq of public.orders.id" */
  name: string;
  /** How many numbers the column is ahead: that many inserts may meet a number that is taken. */
  behind: number;
  /** Share of the numbers that sequence and column type have which is used up, 0 to 100. */
  usedPercent: number;
  /** The next number does not exist. */
  exhausted: boolean;
}

/** Time to change a column to bigint takes weeks, not minutes. */
export const NEARLY_USED_UP = 80;

const names = (positions: SequencePosition[]) => positions.map(({ name }) => name);

export const sequences = check<SequencePosition[]>({
  from: 'standard',
  about: 'sequences ahead of their columns, with numbers left',
  afterRevert: true,
  compare(before, after) {
    const behind = (positions: SequencePosition[]) => names(positions.filter((one) => one.behind > 0));
    const over = (positions: SequencePosition[]) => names(positions.filter((one) => one.exhausted));
    const late = since(behind(before), behind(after));
    const empty = since(over(before), over(after));
    const near = after.filter(({ usedPercent, exhausted }) => usedPercent >= NEARLY_USED_UP && !exhausted);
    const by = (name: string) => after.find((one) => one.name === name)?.behind;
    return judgementOf(
      {
        failed: [
          ...about(
            late.added.map((name) => `${name} by ${by(name)}`),
            (list) => `behind the rows of their columns: ${list}; setval(…) before the next insert`,
          ),
          ...about(empty.added, (list) => `no number left: ${list}`),
        ],
        warnings: [
          ...about(late.stayed, (list) => `behind since before: ${list}`),
          ...about(empty.stayed, (list) => `no number left since before: ${list}`),
          ...about(
            near.map(({ name, usedPercent }) => `${name} (${usedPercent} %)`),
            (list) => `nearly used up: ${list}; change sequence and column to bigint`,
          ),
        ],
      },
      `${after.length} sequences ahead of their columns`,
    );
  },
});
