import type { JournalRow } from '../results/row';
import { readAs } from './read';

/** One kind of evidence over the looks at green; a look that had none of it has no point. */
export interface Series {
  name: string;
  unit: '%' | 'ms' | 'requests';
  /** `at` in ISO 8601. `blue` is null where green is compared with nothing. */
  points: { at: string; green: number; blue: number | null }[];
}

type Numbers = Record<string, unknown>;
type Value = { green: number; blue: number | null } | undefined;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** `[hits, of]` as a share; undefined of nothing. */
function share(pair: unknown): number | undefined {
  const [hits, of] = Array.isArray(pair) ? (pair as unknown[]) : [];
  return isNumber(hits) && isNumber(of) && of > 0 ? (hits / of) * 100 : undefined;
}

const shares = ({ green, blue }: Numbers): Value => {
  const ours = share(green);
  return ours === undefined ? undefined : { green: ours, blue: share(blue) ?? null };
};

function requests({ green, blue }: Numbers): Value {
  const [ours, theirs] = [green, blue].map((pair) => (Array.isArray(pair) ? pair[1] : undefined));
  return isNumber(ours) ? { green: ours, blue: isNumber(theirs) ? theirs : null } : undefined;
}

const percentile = (which: 'p50' | 'p99') => (numbers: Numbers) => {
  const { green, blue } = (numbers[which] ?? {}) as Numbers;
  return isNumber(green) && isNumber(blue) ? { green: green * 1000, blue: blue * 1000 } : undefined;
};

type Piece = 'errors' | 'clientErrors' | 'latency' | 'testRequests';

const KINDS: { name: string; unit: Series['unit']; of: Piece; value(numbers: Numbers): Value }[] = [
  { name: 'requests that were judged', unit: 'requests', of: 'errors', value: requests },
  { name: 'requests that failed', unit: '%', of: 'errors', value: shares },
  { name: 'client errors', unit: '%', of: 'clientErrors', value: shares },
  { name: 'median response time', unit: 'ms', of: 'latency', value: percentile('p50') },
  { name: '99th percentile of response times', unit: 'ms', of: 'latency', value: percentile('p99') },
  { name: 'test requests that failed', unit: '%', of: 'testRequests', value: shares },
];

/** What the looks at green have seen, kind by kind; of kinds that none of them saw nothing. */
export function seriesIn(rows: readonly JournalRow[]): Series[] {
  const looks = rows.flatMap((row) => {
    const evidence = readAs('ObserveGreen', row)?.evidence;
    return evidence ? [{ at: row.at, evidence }] : [];
  });
  return KINDS.flatMap(({ name, unit, of, value }) => {
    const points = looks.flatMap(({ at, evidence }) => {
      const numbers = evidence[of]?.numbers;
      const found = numbers && value(numbers);
      return found ? [{ at, ...found }] : [];
    });
    return points.length > 0 ? [{ name, unit, points }] : [];
  });
}

/** When users were moved, and how many of them were on green then. */
export const shiftsIn = (rows: readonly JournalRow[]): { at: string; greenPercent: number }[] =>
  rows.flatMap((row) => {
    const { shifted, greenPercent } = readAs('ShiftTraffic', row) ?? {};
    const returned = readAs('ReturnTraffic', row)?.returned;
    if (returned) return [{ at: row.at, greenPercent: 0 }];
    return shifted && greenPercent !== undefined ? [{ at: row.at, greenPercent }] : [];
  });
