import '../text/zod-english';
import * as z from 'zod/mini';
import { identifier } from '../text/schemas';
import { periodSchema } from './thresholds';

/**
 * CloudWatch alarms by name, of the workflow's own account and region; as many as one call describes.
 * Source: Amazon CloudWatch API Reference, DescribeAlarms.
 */
export const alarmNamesSchema = z
  .array(
    z.pipe(
      identifier(255),
      z
        .string()
        .check(z.refine((name) => !name.startsWith('arn:'), 'expected the name of an alarm, not its ARN')),
    ),
  )
  .check(z.maxLength(100));

/** Names and values. Source: Amazon CloudWatch API Reference, Dimension; at most thirty. */
const dimensions = z
  .record(identifier(255), identifier(1024))
  .check(z.refine((value) => Object.keys(value).length <= 30, 'expected at most 30 dimensions'));

const ordered = (value: Record<string, string>) =>
  JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));

const either = (...members: string[]) =>
  z.refine<Record<string, unknown>>(
    (value) => members.filter((member) => value[member] !== undefined).length === 1,
    `expected exactly one of ${members.join(' and ')}`,
  );

/** One time series for each slot. */
export const seriesShape = {
  namespace: identifier(255).check(z.describe('Namespace of the CloudWatch metric.')),
  metric: identifier(255).check(z.describe('Its name.')),
  dimensions: z.strictObject({ a: dimensions, b: z.optional(dimensions) }).check(
    z.describe("What tells the slots' series apart, by name; a pure worker has one slot."),
    z.refine(
      ({ a, b }) => b === undefined || ordered(a) !== ordered(b),
      'expected other dimensions for slot a than for slot b, or nobody can tell green from blue',
    ),
  ),
  statistic: z
    .string()
    .check(
      z.regex(
        /^(Average|Sum|SampleCount|Minimum|Maximum|p(100|\d{1,2}(\.\d{1,10})?))$/,
        'expected Average, Sum, SampleCount, Minimum, Maximum or a percentile such as p99',
      ),
      z.describe('`Average`, `Sum`, `SampleCount`, `Minimum`, `Maximum` or a percentile such as `p99`.'),
    ),
  periodSeconds: periodSchema.check(
    z.describe(
      '1, 5, 10, 20, 30 or a multiple of 60; below 60 only of metrics that are put with a storage resolution of one second.',
    ),
  ),
};

/** A metric of the service, and what convicts a green by it. */
export const metricSchema = z
  .strictObject({
    ...seriesShape,
    periods: z._default(
      z
        .int()
        .check(
          z.minimum(1),
          z.maximum(20),
          z.describe('So many in a row in which green is beyond its bound convict.'),
        ),
      2,
    ),
    limit: z.optional(
      z
        .strictObject({
          above: z.optional(
            z.number().check(z.describe('The bound as a number, in the unit of the metric: more convicts.')),
          ),
          below: z.optional(z.number().check(z.describe('Less convicts; one of the two.'))),
        })
        .check(either('above', 'below')),
    ),
    /**
     * The bound from blue: what nine in ten of its periods keep to, and so much more. Sum and SampleCount are compared as if
     * each side had all the traffic.
     */
    comparison: z.optional(
      z.strictObject({
        worse: z.enum(['higher', 'lower']).check(z.describe('Which of two values is the worse one.')),
        difference: z
          .number()
          .check(
            z.minimum(0),
            z.maximum(1000),
            z.describe("How much worse green may be, as a share of blue's value."),
          ),
        floor: z._default(
          z
            .number()
            .check(
              z.minimum(0),
              z.describe(
                "In the metric's own unit: green may always be so much worse, as two events of few requests are no proof.",
              ),
            ),
          0,
        ),
      }),
    ),
    missingData: z._default(
      z.enum(['undecided', 'healthy']).check(z.describe('What it means that nothing of green is published.')),
      'undecided',
    ),
  })
  .check(either('limit', 'comparison'));
export type OwnMetric = z.infer<typeof metricSchema>;
/** What tells a series of a slot. */
export type Series = Pick<OwnMetric, keyof typeof seriesShape>;

/** What convicts a green beside its requests, its tasks and the database: what the service watches itself. */
export const ownEvidenceSchema = z.strictObject({
  alarms: z._default(
    alarmNamesSchema.check(
      z.describe(
        "Names of CloudWatch alarms of the workflow's account and region; one that is in ALARM at any time since users reached green convicts.",
      ),
    ),
    [],
  ),
  /** Each look asks for each of them, and all settings together have to fit into a parameter of 8 KB. */
  metrics: z._default(
    z
      .array(metricSchema)
      .check(
        z.maxLength(10),
        z.describe('Metrics of the service, each with its bound: either `limit` or `comparison`.'),
      ),
    [],
  ),
});
