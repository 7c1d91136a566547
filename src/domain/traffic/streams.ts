import '../text/zod-english';
import * as z from 'zod/mini';
import type { Point, Window } from '../evidence/metrics';
import { seriesShape } from '../evidence/own';
import { DAY_SECONDS } from '../time/limits';

/** WebSockets and other answers that go on for long: a load balancer counts each as one request, at its beginning. */
export const streamsSchema = z.strictObject({
  drainSeconds: z
    .int()
    .check(
      z.positive(),
      z.maximum(DAY_SECONDS),
      z.describe(
        'Over so long the tasks of a side without users are ended, one after the other, while streams on it are open.',
      ),
    ),
  open: z._default(
    z.nullable(
      z
        .strictObject({
          ...seriesShape,
          none: z._default(
            z
              .number()
              .check(
                z.minimum(0),
                z.describe(
                  'Up to here it means none: bytes never fall to 0 where health checks are answered.',
                ),
              ),
            0,
          ),
        })
        .check(
          z.describe(
            'A metric of how many are open on a slot, or how many bytes they carry; null: nobody knows.',
          ),
        ),
    ),
    null,
  ),
});
export type Streams = z.infer<typeof streamsSchema>;
export type StreamMetric = NonNullable<Streams['open']>;

/** How the tasks of a side began to be ended: when, in ISO 8601, and how many there were. */
export interface Drain {
  at: string;
  tasks: number;
}

/** What is published is seen after three minutes at most; what was silent for longer is silent. */
const SILENT_MS = 180_000;

/** Which periods of a slot tell what is open now: new ones, and begun after the weights had changed. All in ms since the epoch. */
export const streamWindow = ({ periodSeconds }: StreamMetric, changedAt: number, now: number): Window => ({
  from: Math.max(changedAt, now - SILENT_MS - 2 * periodSeconds * 1000),
  to: now,
});

/**
 * How much the metric says is open on a slot, by its newest period; undefined where it says nothing, which is no proof of
 * silence. The newest period of a count is not whole: not every task may have published yet.
 */
export function openStreams(
  { statistic, periodSeconds }: StreamMetric,
  points: readonly Point[],
  { from, to }: Window,
): number | undefined {
  const isCount = statistic === 'Sum' || statistic === 'SampleCount';
  // CloudWatch rounds down to the period
  const over = points.filter(({ at }) => at >= from && at + periodSeconds * 1000 <= to);
  return over.at(isCount ? -2 : -1)?.value;
}

/**
 * How many of a side's tasks may still run: they end at equal distances, the last at the end of the time, and never more than
 * half of them at one look, however late that comes.
 */
export function tasksLeft({ at, tasks }: Drain, desired: number, now: Date, drainSeconds: number): number {
  const gone = (now.getTime() - Date.parse(at)) / 1000 / drainSeconds;
  return Math.max(0, Math.ceil(tasks * (1 - gone)), desired - Math.ceil(tasks / 2));
}

/** `12 streams are open on it by Shop/Streams (Maximum)`. */
export const openText = (metric: StreamMetric | null, open: number | undefined): string => {
  if (!metric) return 'nobody knows how many streams are open on it, for streams.open is not set';
  const name = `${metric.namespace}/${metric.metric} (${metric.statistic})`;
  return open === undefined
    ? `nobody knows how many streams are open on it, for ${name} is not published`
    : `${Number(open.toPrecision(6))} streams are open on it by ${name}`;
};
