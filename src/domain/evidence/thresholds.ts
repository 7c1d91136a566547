import * as z from 'zod';
import { DAY_SECONDS } from '../limits';

/** Periods that CloudWatch knows, up to a day. Source: Amazon CloudWatch API Reference, MetricStat. */
const period = z
  .number()
  .int()
  .positive()
  .max(DAY_SECONDS)
  .refine((value) => [1, 5, 10, 20, 30].includes(value) || value % 60 === 0, {
    message: 'expected 1, 5, 10, 20, 30 or a multiple of 60',
  });
const ratio = z.number().min(0).max(1);

/** What convicts a green; ratios are 0..1. */
export const thresholdsSchema = z.strictObject({
  /** Fewer requests than this on green is no evidence at all. */
  minimumRequests: z.number().int().min(1).max(1e9),
  /** Green's 5xx ratio above blue's, in ratio points, that convicts when it is also significant. */
  errorRateIncrease: ratio,
  /** A 5xx ratio of green that convicts whatever blue does. */
  errorRateCeiling: ratio,
  /** How much slower than blue green may be, as a share of blue's time; null: latency is not judged. */
  latencyIncrease: z.number().positive().max(1000).nullable(),
  /** The same, worth a warning. */
  latencyWarning: z.number().positive().max(1000),
  /** Green may always be so much slower: twice a millisecond is no harm. */
  latencyFloorSeconds: z.number().min(0).max(3600),
  /** How often the load balancer publishes; on AWS 60. */
  periodSeconds: period,
  /** The share of the database's connections that may be in use. */
  connectionsCeiling: ratio,
  /** How long a session waits for a lock before it counts as blocked, and how many of those there may be. */
  blockedSeconds: z.number().positive().max(DAY_SECONDS),
  blockedCeiling: z.number().int().min(0).max(1e6),
  /** How far the slowest standby may lag behind. */
  lagCeilingSeconds: z.number().positive().max(DAY_SECONDS),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

/** A service names what it cares about; the rest are these. A request's own are laid over them, so they are not in the schema. */
export const thresholdDefaults = {
  latencyIncrease: 0.5,
  latencyWarning: 0.25,
  latencyFloorSeconds: 0.02,
  periodSeconds: 60,
  connectionsCeiling: 0.9,
  blockedSeconds: 10,
  blockedCeiling: 5,
  lagCeilingSeconds: 60,
} as const;
const { shape } = thresholdsSchema;
export const serviceThresholdsSchema = z.strictObject({
  ...shape,
  latencyIncrease: shape.latencyIncrease.default(thresholdDefaults.latencyIncrease),
  latencyWarning: shape.latencyWarning.default(thresholdDefaults.latencyWarning),
  latencyFloorSeconds: shape.latencyFloorSeconds.default(thresholdDefaults.latencyFloorSeconds),
  periodSeconds: shape.periodSeconds.default(thresholdDefaults.periodSeconds),
  connectionsCeiling: shape.connectionsCeiling.default(thresholdDefaults.connectionsCeiling),
  blockedSeconds: shape.blockedSeconds.default(thresholdDefaults.blockedSeconds),
  blockedCeiling: shape.blockedCeiling.default(thresholdDefaults.blockedCeiling),
  lagCeilingSeconds: shape.lagCeilingSeconds.default(thresholdDefaults.lagCeilingSeconds),
});
