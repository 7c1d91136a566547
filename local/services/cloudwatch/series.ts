/** The moments one metric remembers; the oldest are forgotten first, so that memory stays bounded. */
const KEPT = 20_000;

/** One metric: its identity and its newest samples in the order of their arrival. */
export class Series {
  /** Per moment: milliseconds since the epoch, and where its values end. Plain numbers, for an object each takes six times as much. */
  private at: number[] = [];
  private ends: number[] = [];
  private values: number[] = [];
  /** How often each value was seen. */
  private counts: number[] = [];

  constructor(
    readonly namespace: string,
    readonly name: string,
    readonly dimensions: Readonly<Record<string, string>>,
    readonly unit: string,
  ) {}

  add(at: number, values: readonly number[], counts: readonly number[]): void {
    this.at.push(at);
    this.values.push(...values);
    this.counts.push(...values.map((_value, index) => counts[index] ?? 1));
    this.ends.push(this.values.length);
    if (this.at.length > KEPT * 1.1) this.forget(this.at.length - KEPT);
  }

  private forget(moments: number): void {
    const gone = this.ends[moments - 1] ?? 0;
    this.at = this.at.slice(moments);
    this.ends = this.ends.slice(moments).map((end) => end - gone);
    this.values = this.values.slice(gone);
    this.counts = this.counts.slice(gone);
  }

  /** The samples of [start, end) together, in milliseconds; undefined where there are none. */
  between(start: number, end: number): Sample | undefined {
    return this.periods(start, end, Number.MAX_SAFE_INTEGER).get(0);
  }

  /**
   * The samples of [start, end) in periods aligned to the epoch as CloudWatch aligns them, by the start of the
   * period; all in milliseconds. Periods without samples are absent.
   */
  periods(start: number, end: number, period: number): Map<number, Sample> {
    const periods = new Map<number, Sample>();
    this.at.forEach((at, moment) => {
      if (at < start || at >= end) return;
      const begin = Math.floor(at / period) * period;
      const sample = periods.get(begin) ?? new Sample();
      periods.set(begin, sample);
      for (let index = this.ends[moment - 1] ?? 0; index < this.ends[moment]!; index++)
        sample.add(this.values[index]!, this.counts[index]!);
    });
    return new Map([...periods].sort(([a], [b]) => a - b));
  }
}

/** The distribution of one period. */
export class Sample {
  private readonly seen = new Map<number, number>();
  private sum = 0;
  private count = 0;

  add(value: number, count: number): void {
    this.seen.set(value, (this.seen.get(value) ?? 0) + count);
    this.sum += value * count;
    this.count += count;
  }

  /** Sum, Average, SampleCount, Minimum, Maximum or a percentile such as p99 or p99.9; undefined for any other name. */
  statistic(name: string): number | undefined {
    if (name === 'Sum') return this.sum;
    if (name === 'SampleCount') return this.count;
    if (name === 'Average') return this.sum / this.count;
    if (name === 'Minimum') return Math.min(...this.seen.keys());
    if (name === 'Maximum') return Math.max(...this.seen.keys());
    const percentile = /^p(\d{1,2}(?:\.\d+)?|100)$/i.exec(name)?.[1];
    return percentile === undefined ? undefined : this.percentile(Number(percentile));
  }

  /** The smallest value that at least `percent` percent of the samples do not exceed (nearest rank). */
  private percentile(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.count));
    let below = 0;
    let last = 0;
    for (const [value, count] of [...this.seen].sort(([a], [b]) => a - b)) {
      last = value;
      below += count;
      if (below >= rank) break;
    }
    return last;
  }
}
