/** What users got, by kind of answer. */
export interface Counts {
  ok: number;
  /** No answer, or an answer that only a load balancer or an overloaded server gives: 502, 503, 504. */
  lost: number;
  /** Told to come back later: 503 with Retry-After, as the page of a maintenance window says it. */
  closed: number;
  /** Any other answer of 400 or more: the application's own mistakes. */
  appErrors: number;
  /** Answers by the `x-version` header; what has none is not counted. */
  versions: Record<string, number>;
  /** Answered requests by latency bucket. */
  latencies: Record<number, number>;
}

export const noCounts = (): Counts => ({
  ok: 0,
  lost: 0,
  closed: 0,
  appErrors: 0,
  versions: {},
  latencies: {},
});

/** Each bucket ends 10 % above the one before; bucket 0 ends at 0.1 ms. */
const GROWTH = 1.1;
const FIRST_MS = 0.1;
const bucketOf = (ms: number) => Math.max(0, Math.ceil(Math.log(ms / FIRST_MS) / Math.log(GROWTH)));

const add = (record: Record<string, number>, key: string | number, by: number) => {
  record[key] = (record[key] ?? 0) + by;
};

const LOST = new Set([502, 503, 504]);

/** What is counted of an answer; `status` 0 is no answer at all. */
export interface Answer {
  status: number;
  /** Its header `x-version`. */
  version?: string;
  /** It says when to come back. */
  retryAfter: boolean;
  ms: number;
}

export function countAnswer(counts: Counts, { status, version, retryAfter, ms }: Answer) {
  if (status === 503 && retryAfter) counts.closed++;
  else if (status === 0 || LOST.has(status)) counts.lost++;
  else if (status >= 400) counts.appErrors++;
  else counts.ok++;
  if (version) add(counts.versions, version, 1);
  if (status !== 0) add(counts.latencies, bucketOf(ms), 1);
}

function combined(left: Counts, right: Counts, sign: 1 | -1): Counts {
  const sum: Counts = {
    ok: left.ok + sign * right.ok,
    lost: left.lost + sign * right.lost,
    closed: left.closed + sign * right.closed,
    appErrors: left.appErrors + sign * right.appErrors,
    versions: { ...left.versions },
    latencies: { ...left.latencies },
  };
  for (const [version, count] of Object.entries(right.versions)) add(sum.versions, version, sign * count);
  for (const [bucket, count] of Object.entries(right.latencies)) add(sum.latencies, bucket, sign * count);
  return sum;
}

export const plus = (left: Counts, right: Counts) => combined(left, right, 1);
/** What was counted after `earlier`. */
export const since = (now: Counts, earlier: Counts) => combined(now, earlier, -1);

export const requests = ({ ok, lost, closed, appErrors }: Counts) => ok + lost + closed + appErrors;

/** The latency in ms that the given share (0..1) of answers stayed below, at most 10 % too high; 0 without answers. */
export function percentile({ latencies }: Counts, share: number): number {
  const buckets = Object.entries(latencies).sort(([left], [right]) => Number(left) - Number(right));
  let left = share * buckets.reduce((sum, [, count]) => sum + count, 0);
  for (const [bucket, count] of buckets) {
    left -= count;
    if (left <= 0 && count > 0) return FIRST_MS * GROWTH ** Number(bucket);
  }
  return 0;
}
