import type { Clock } from '../../clock';
import type { Metrics } from '../../service';

type Sample = Parameters<Metrics['record']>[0];

const MINUTE_MS = 60_000;

/** Metrics that are shown later than they were counted. */
export interface Late extends Metrics {
  /** Shows what is due by now. */
  show(): void;
}

/**
 * Metrics as an Application Load Balancer has them on AWS: each sample counts for the minute that it falls into, and is
 * shown `delayMs` later, so that the newest minute is incomplete for a while.
 * Source: Elastic Load Balancing, Application Load Balancers, "CloudWatch metrics" (60-second intervals); Amazon
 * CloudWatch User Guide, "Metrics concepts" (a delay before they are there).
 */
export function late(metrics: Metrics, clock: Clock, delayMs: number): Late {
  const waiting: { due: number; sample: Sample }[] = [];
  return {
    record(sample) {
      const now = clock.now();
      waiting.push({
        due: now + delayMs,
        sample: { ...sample, at: Math.floor(now / MINUTE_MS) * MINUTE_MS },
      });
    },
    show() {
      const now = clock.now();
      while (waiting[0] && waiting[0].due <= now) metrics.record(waiting.shift()!.sample);
    },
  };
}

/** Metrics that are shown as soon as they were counted. */
export const atOnce = (metrics: Metrics): Late => ({ record: (sample) => metrics.record(sample), show() {} });
