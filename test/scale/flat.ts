/** Resident memory after so many deployments. */
export interface Resident {
  after: number;
  mb: number;
}

/** What a long run says about the memory of the process that is the local cloud. */
export interface Flatness {
  /** MB in the second hundred of deployments, and in the last. */
  second: number;
  last: number;
  /** From the one to the other, in percent. */
  growth: number;
  flat: boolean;
}

/** Of the second hundred, in percent, that the last may be above it. */
const MOST_GROWTH = 5;
/** Fewer have no last hundred that is another than the second. */
export const FEWEST = 300;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/**
 * Compares hundreds by their medians, because each function is a thread with a heap of its own that nobody can collect from
 * outside: a single look meets more or less of their garbage. The first hundred is left out, for in it every function and
 * every rare path is loaded.
 */
export function flatness(looks: readonly Resident[]): Flatness {
  const deployments = Math.max(...looks.map(({ after }) => after));
  const within = (from: number, to: number) =>
    median(looks.filter(({ after }) => after > from && after <= to).map(({ mb }) => mb));
  const second = within(100, 200);
  const last = within(deployments - 100, deployments);
  const growth = (last / second - 1) * 100;
  return { second, last, growth, flat: growth <= MOST_GROWTH };
}
