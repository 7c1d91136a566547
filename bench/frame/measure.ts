import type { Build } from './build';
import { type Result, resultOf } from './result';
import type { Measurement, Peer } from './row';

export interface Builds {
  now: Build;
  /** Undefined when no measurement asks for it. */
  earlier?: Build;
}

export interface MeasureOptions {
  /** Samples of each side, instead of the measurement's own number. */
  runs?: number;
  /** Told before each sample. */
  tell(line: string): void;
}

const RUNS = 5;

type Figures = Partial<Record<string, number>>;

interface Side {
  name: string;
  sample(): Promise<Figures>;
  taken: Figures[];
}

function peerSide(peer: Peer, version: string): Side {
  return { name: `${peer.name} ${version}`, sample: () => peer.sample(), taken: [] };
}

function sidesOf({ sample, beside }: Measurement, { now, earlier }: Builds): Side[] {
  const of = (build: Build): Side => ({ name: build.side, sample: () => sample(build), taken: [] });
  if (beside === undefined) return [of(now)];
  if (beside === 'earlier') return [now, earlier].flatMap((build) => build ?? []).map(of);
  const version = beside.version();
  return version === undefined ? [of(now)] : [of(now), peerSide(beside, version)];
}

/** Which side is sampled when: each in turn, and each as often first as last, so that neither has the quieter machine. */
const turnOf = (sides: readonly Side[], turn: number) => (turn % 2 === 0 ? sides : sides.toReversed());

/** Samples both sides and judges every row. */
export async function measure(
  measurement: Measurement,
  builds: Builds,
  { runs, tell }: MeasureOptions,
): Promise<Result[]> {
  const rows = Object.entries(measurement.rows);
  const missing = measurement.missing?.();
  if (missing !== undefined) return rows.map(([, row]) => ({ row, missing }));
  const sides = sidesOf(measurement, builds);
  const count = runs ?? measurement.runs ?? RUNS;
  for (let turn = 0; turn < count; turn++)
    for (const side of turnOf(sides, turn)) {
      tell(`${side.name}, sample ${turn + 1} of ${count}`);
      side.taken.push(await side.sample());
    }
  const [now, other] = sides;
  const { beside } = measurement;
  return rows.map(([key, row]) => {
    const figures = (side?: Side) => side?.taken.flatMap((taken) => taken[key] ?? []);
    const result = resultOf(row, figures(now) ?? [], figures(other));
    if (result.other) return { ...result, beside: other?.name };
    if (beside === undefined || beside === 'earlier' || other) return result;
    return { ...result, missing: `${beside.name} is not installed` };
  });
}
