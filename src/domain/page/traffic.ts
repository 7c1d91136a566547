import type { Period } from '../evidence/latency';
import type { Progress } from '../recovery/progress';
import type { Report } from '../report';
import { readAs } from '../report/read';
import { shortImage } from '../request/image-reference';
import type { Slot } from '../settings/choices';
import { otherSlot } from '../settings/choices';
import type { Seen } from './seen';

export type Side = 'blue' | 'green';

/** Where users' requests go now, and what runs there. */
export interface Split {
  /** Blue first; of a pure worker its one slot. `percent` is null where the rule says nothing of it. */
  sides: {
    side: Side;
    slot: Slot;
    percent: number | null;
    image: string;
    running: number;
    desired: number;
  }[];
  /** The share that gets the maintenance page, 0 for none. */
  page: number;
  /** Since when users get it; empty while the service is open. */
  closedSince: string;
  /** What is strange about the rule; empty for nothing. */
  strange: string;
}

const sideOf = (progress: Progress, slot: Slot): Side =>
  progress.variables.live?.slot === slot ? 'blue' : 'green';

/** Undefined where the service was not looked at, or nobody knows yet which slot is blue. */
export function splitOf({ standing }: Seen, progress: Progress | undefined): Split | undefined {
  const live = progress?.variables.live;
  if (!standing || !progress || !live) return undefined;
  const { rule, fleets, recorded, settings } = standing;
  const weights = settings.traffic && 'weights' in rule ? rule.weights : undefined;
  const image = {
    blue: live.image === null ? 'an unknown image' : shortImage(live.image),
    green: shortImage(progress.deployment.image),
  };
  const sides = fleets.map(({ slot, fleet }) => {
    const side = sideOf(progress, slot);
    return {
      ...{ side, slot, percent: weights ? weights[slot] : null, image: image[side] },
      ...{ running: fleet?.running ?? 0, desired: fleet?.desired ?? 0 },
    };
  });
  return {
    sides: sides.sort((one, other) => one.side.localeCompare(other.side)),
    page: weights?.page ?? 0,
    closedSince: recorded?.closedAt ?? '',
    strange: settings.traffic && 'strange' in rule ? rule.strange : '',
  };
}

/** One measure of both sides over time; null where nothing was published. */
export interface Chart {
  name: string;
  unit: string;
  series: { side: Side; of: string; values: (number | null)[] }[];
}
export interface Charts {
  /** Ends of the periods, in seconds since the epoch. */
  times: number[];
  periodSeconds: number;
  charts: Chart[];
  /** When phases began and weights changed. */
  marks: { at: number; text: string }[];
}

/** So many periods are shown, the newest; a browser draws no more than it has pixels. */
export const MOST_PERIODS = 360;

const SECOND = 1000;
const seconds = (iso: string) => Date.parse(iso) / SECOND;

const MEASURES: {
  name: string;
  unit: string;
  of: [string, (period: Period) => number | null | undefined][];
}[] = [
  { name: 'Requests', unit: 'in a period', of: [['', ({ requests }) => requests]] },
  {
    name: 'Errors',
    unit: 'in a period, 5xx and unanswered',
    of: [['', ({ errors }) => errors]],
  },
  { name: 'Unanswered', unit: 'in a period', of: [['', ({ unanswered }) => unanswered]] },
  {
    name: 'Latency',
    unit: 'ms',
    of: [
      ['p50', ({ p50 }) => (p50 === undefined ? null : Math.round(p50 * SECOND))],
      ['p99', ({ p99 }) => (p99 === undefined ? null : Math.round(p99 * SECOND))],
    ],
  },
];

/** Undefined for a service that answers nobody, and where nothing was published. */
export function chartsOf(
  { periods, rows, standing }: Seen,
  progress: Progress | undefined,
  { phases }: Pick<Report, 'phases'>,
): Charts | undefined {
  const live = progress?.variables.live;
  if (!live || !standing?.settings.traffic) return undefined;
  const of: Record<Side, Map<number, Period>> = { blue: new Map(), green: new Map() };
  for (const [side, slot] of [
    ['blue', live.slot],
    ['green', otherSlot(live.slot)],
  ] as const)
    for (const period of periods[slot] ?? []) of[side].set(period.until, period);
  const ends = [...new Set([...of.blue.keys(), ...of.green.keys()])]
    .sort((a, b) => a - b)
    .slice(-MOST_PERIODS);
  const [first] = ends;
  if (first === undefined) return undefined;
  const { periodSeconds } = standing.settings.thresholds;
  const marks = [
    ...phases.map(({ phase, began }) => ({ at: seconds(began), text: phase })),
    ...rows.flatMap((row) => {
      const shift = readAs('ShiftTraffic', row);
      return shift?.shifted ? [{ at: seconds(row.at), text: `${shift.greenPercent} % to green` }] : [];
    }),
  ];
  return {
    times: ends.map((at) => at / SECOND),
    periodSeconds,
    charts: MEASURES.map(({ name, unit, of: measured }) => ({
      name,
      unit,
      series: measured.flatMap(([what, read]) =>
        (['blue', 'green'] as const).map((side) => ({
          side,
          of: what,
          values: ends.map((at) => {
            const period = of[side].get(at);
            return (period && read(period)) ?? null;
          }),
        })),
      ),
    })),
    marks: marks
      .filter(({ at }) => at >= first / SECOND - periodSeconds)
      .sort((one, other) => one.at - other.at),
  };
}
