import '../text/zod-english';
import * as z from 'zod/mini';
import { DAY_SECONDS } from '../time/limits';

/** Periods that CloudWatch knows, up to a day. Source: Amazon CloudWatch API Reference, MetricStat. */
export const periodSchema = z.int().check(
  z.positive(),
  z.maximum(DAY_SECONDS),
  z.refine(
    (value) => [1, 5, 10, 20, 30].includes(value) || value % 60 === 0,
    'expected 1, 5, 10, 20, 30 or a multiple of 60',
  ),
);
const ratio = z.number().check(z.minimum(0), z.maximum(1));
/** As a share of blue's time. */
const slowdown = z.number().check(z.positive(), z.maximum(1000));
const duration = z.number().check(z.positive(), z.maximum(DAY_SECONDS));

/** What convicts a green; ratios are 0..1. */
export const thresholdsSchema = z.strictObject({
  minimumRequests: z
    .int()
    .check(
      z.minimum(0),
      z.maximum(1e9),
      z.describe('Fewer requests on a side are no evidence at all; 0: green can be released without any.'),
    ),
  errorRateIncrease: ratio.check(
    z.describe(
      "Share of green's answers that are 5xx above blue's share, which convicts when it is also significant.",
    ),
  ),
  errorRateCeiling: ratio.check(
    z.describe("Share of green's answers that are 5xx, which convicts whatever blue does."),
  ),
  clientErrorRateIncrease: z.nullable(
    ratio.check(
      z.describe(
        "Share of green's answers that are 4xx above blue's share, which convicts; null: what is above `errorRateIncrease` only warns.",
      ),
    ),
  ),
  latencyIncrease: z.nullable(
    slowdown.check(
      z.describe(
        "How much slower than blue green may be, as a share of blue's time; null: latency is not judged.",
      ),
    ),
  ),
  latencyWarning: slowdown.check(z.describe('The same, worth a warning.')),
  latencyFloorSeconds: z
    .number()
    .check(
      z.minimum(0),
      z.maximum(3600),
      z.describe('Green may always be so much slower: twice a millisecond is no harm.'),
    ),
  periodSeconds: periodSchema.check(
    z.describe('How often the load balancer publishes, 1, 5, 10, 20, 30 or a multiple of 60; on AWS 60.'),
  ),
  testRequests: z
    .int()
    .check(
      z.minimum(0),
      z.maximum(500),
      z.describe("How many of the smoke tests' requests green is asked at each look, in turns; 0: none."),
    ),
  connectionsCeiling: ratio.check(z.describe("Share of the database's connections that may be in use.")),
  blockedSeconds: duration.check(
    z.describe('How long a session waits for a lock before it counts as blocked.'),
  ),
  blockedCeiling: z
    .int()
    .check(z.minimum(0), z.maximum(1e6), z.describe('How many blocked sessions there may be.')),
  lagCeilingSeconds: duration.check(z.describe('How far the slowest standby may lag behind.')),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

/** A service names what it cares about; the rest are these. A request's own are laid over them, so they are not in the schema. */
export const thresholdDefaults = {
  clientErrorRateIncrease: null,
  latencyIncrease: 0.5,
  latencyWarning: 0.25,
  latencyFloorSeconds: 0.02,
  periodSeconds: 60,
  testRequests: 50,
  connectionsCeiling: 0.9,
  blockedSeconds: 10,
  blockedCeiling: 5,
  lagCeilingSeconds: 60,
} as const;
const { shape } = thresholdsSchema;
export const serviceThresholdsSchema = z.strictObject({
  ...shape,
  clientErrorRateIncrease: z._default(
    shape.clientErrorRateIncrease,
    thresholdDefaults.clientErrorRateIncrease,
  ),
  latencyIncrease: z._default(shape.latencyIncrease, thresholdDefaults.latencyIncrease),
  latencyWarning: z._default(shape.latencyWarning, thresholdDefaults.latencyWarning),
  latencyFloorSeconds: z._default(shape.latencyFloorSeconds, thresholdDefaults.latencyFloorSeconds),
  periodSeconds: z._default(shape.periodSeconds, thresholdDefaults.periodSeconds),
  testRequests: z._default(shape.testRequests, thresholdDefaults.testRequests),
  connectionsCeiling: z._default(shape.connectionsCeiling, thresholdDefaults.connectionsCeiling),
  blockedSeconds: z._default(shape.blockedSeconds, thresholdDefaults.blockedSeconds),
  blockedCeiling: z._default(shape.blockedCeiling, thresholdDefaults.blockedCeiling),
  lagCeilingSeconds: z._default(shape.lagCeilingSeconds, thresholdDefaults.lagCeilingSeconds),
});
