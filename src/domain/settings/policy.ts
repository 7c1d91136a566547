import * as z from 'zod/mini';
import { classes } from '../migrations/types';
import { nonEmpty, nonEmptyList } from '../text/schemas';
import { APPROVAL_LIMIT_SECONDS, DAY_SECONDS, EXECUTION_TIMEOUT_SECONDS } from '../time/limits';
import { overrides, strategies } from './choices';

/** Nothing in a deployment takes longer than the deployment may. */
export const seconds = z.int().check(z.positive(), z.maximum(EXECUTION_TIMEOUT_SECONDS));
const YEAR_SECONDS = 365 * DAY_SECONDS;

/**
 * Defaults are Amazon ECS's own. Source: Amazon ECS API Reference, LinearConfiguration. At most twenty steps, because each
 * may look at green until its deadline, and a state machine's history has an end.
 */
export const linearSchema = z.strictObject({
  percent: z
    .int()
    .check(
      z.minimum(5),
      z.maximum(50),
      z.describe('How much more of the users each step of `LINEAR` gives green.'),
    ),
  seconds: seconds.check(
    z.maximum(DAY_SECONDS),
    z.describe(
      'How long each step of `LINEAR` but the last is watched at least; the last for `bakeSeconds`.',
    ),
  ),
});

/** What no request may undercut: the safety limits of an environment. */
export const limitsSchema = z.strictObject({
  strategies: z._default(
    z
      .array(z.enum(strategies))
      .check(z.minLength(1), z.describe('The strategies that may be asked for or chosen.')),
    [...strategies],
  ),
  overrides: z._default(z.array(z.enum(overrides)).check(z.describe('What a request may set for itself.')), [
    ...overrides,
  ]),
  accept: z._default(
    z.boolean().check(z.describe('Whether a request may accept migrations that would stop it.')),
    true,
  ),
  minimumBakeSeconds: z._default(
    z.int().check(z.nonnegative(), z.describe('No step of a shift is watched for less.')),
    0,
  ),
});
export type Limits = z.infer<typeof limitsSchema>;

/** How long a service's own snapshots are kept; a newer one than either is never deleted. */
export const retentionSchema = z.strictObject({
  snapshotDays: z.int().check(z.minimum(1), z.describe('A snapshot of a deployment is kept for as long.')),
  keepLast: z.int().check(z.minimum(1), z.describe('The newest so many are kept whatever their age.')),
});
export type Retention = z.infer<typeof retentionSchema>;

/** After these a phase that has not ended well counts as failed. */
export const deadlinesSchema = z.strictObject({
  lockSeconds: seconds.check(
    z.describe('For the other deployment to end that this one waits for (`"onBusy": "wait"`).'),
  ),
  snapshotSeconds: seconds.check(
    z.describe(
      'For the snapshot of the database to be available, and before a maintenance window for the database to be ready for one.',
    ),
  ),
  migrationSeconds: seconds.check(z.describe('For the migrations to run, and the seeds behind them.')),
  contractSeconds: seconds.check(
    z.describe('For the proof that the previous version is gone, and then for the contract migrations.'),
  ),
  greenSeconds: seconds.check(
    z.describe(
      'For green to be healthy and to pass its smoke tests, and for more of its tasks before a shift.',
    ),
  ),
  evidenceSeconds: seconds.check(z.describe('For evidence that stays undecided, beyond the bake.')),
  rollbackSeconds: seconds.check(
    z.describe('For the previous version to be healthy again with as many tasks as its users need.'),
  ),
  pauseSeconds: seconds.check(
    z.maximum(DAY_SECONDS),
    z.describe('For a pause that nobody ends; then the deployment is rolled back.'),
  ),
});
export const serviceDeadlinesSchema = z.strictObject({
  ...deadlinesSchema.shape,
  pauseSeconds: z._default(deadlinesSchema.shape.pauseSeconds, 86_400),
});

const age = z.int().check(z.nonnegative(), z.maximum(YEAR_SECONDS));
/** Who decides about a rollback, by how long all users have been on green. A request may override it. */
export const rollbackSchema = z.strictObject({
  windowSeconds: age.check(
    z.describe('How long after a release it can be rolled back by request; 0: not at all.'),
  ),
  warmSeconds: age.check(
    z.describe(
      'How long the previous version keeps running after a release, so that a rollback takes seconds.',
    ),
  ),
  automaticSeconds: age.check(
    z.describe('Until all users have been on green for as long, a rollback asks nobody.'),
  ),
  confirmSeconds: age.check(
    z.describe(
      'Until then traffic returns at once and people are asked whether to complete it; later they are asked first.',
    ),
  ),
  timeoutSeconds: seconds.check(
    z.maximum(APPROVAL_LIMIT_SECONDS),
    z.describe('How long people are waited for.'),
  ),
  onTimeout: z
    .enum(['operator', 'complete'])
    .check(z.describe('What counts as the answer of people who are asked first, when nobody gives one.')),
  revertSchema: z
    .boolean()
    .check(
      z.describe(
        'Whether a schema that the previous version works on is taken back as well, if the down scripts lose nothing.',
      ),
    ),
});
export const serviceRollbackSchema = z.strictObject({
  windowSeconds: z._default(rollbackSchema.shape.windowSeconds, 86_400),
  warmSeconds: z._default(rollbackSchema.shape.warmSeconds, 3600),
  revertSchema: z._default(rollbackSchema.shape.revertSchema, false),
  automaticSeconds: z._default(rollbackSchema.shape.automaticSeconds, 300),
  confirmSeconds: z._default(rollbackSchema.shape.confirmSeconds, 900),
  timeoutSeconds: z._default(rollbackSchema.shape.timeoutSeconds, 3600),
  onTimeout: z._default(rollbackSchema.shape.onTimeout, 'operator'),
});

/**
 * Amazon ECS's own words, in seconds; what is left out is as ECS has it. Source: Amazon ECS API Reference, HealthCheck.
 */
const healthCheckSchema = z.strictObject({
  command: nonEmptyList.check(z.describe('As a task definition has it, such as `["CMD-SHELL", "…"]`.')),
  interval: z.optional(
    z.int().check(z.minimum(5), z.maximum(300), z.describe('Seconds from check to check.')),
  ),
  timeout: z.optional(
    z.int().check(z.minimum(2), z.maximum(60), z.describe('Seconds after which a check has failed.')),
  ),
  retries: z.optional(
    z.int().check(z.minimum(1), z.maximum(10), z.describe('After so many in a row the task is unhealthy.')),
  ),
  startPeriod: z.optional(
    z
      .int()
      .check(z.minimum(0), z.maximum(300), z.describe('Seconds in which a failed check does not count.')),
  ),
});

/** How a trial tells whether a task of the previous version is healthy, where its container has no health check. */
export const trialSchema = z.strictObject({
  healthCheck: z._default(
    z.nullable(
      healthCheckSchema.check(z.describe('The check that its container is given; null: it has none.')),
    ),
    null,
  ),
  steadySeconds: z._default(
    seconds.check(
      z.describe(
        'How long it has to run where it has no check. ECS takes such a task for healthy after as long.',
      ),
    ),
    40,
  ),
});

/** Who has to agree before anything changes: one matching rule is enough, and a rule matches with all that it names. */
export const approvalSchema = z.strictObject({
  rules: z._default(
    z
      .array(
        z.strictObject({
          environments: z.optional(
            z.array(nonEmpty).check(z.minLength(1), z.describe('In one of these environments.')),
          ),
          classes: z.optional(
            z
              .array(z.enum(classes))
              .check(z.minLength(1), z.describe('With a pending migration of one of these classes.')),
          ),
          strategies: z.optional(
            z.array(z.enum(strategies)).check(z.minLength(1), z.describe('By one of these strategies.')),
          ),
        }),
      )
      .check(
        z.describe(
          'Who has to agree before anything changes: one matching rule is enough, and a rule matches with all that it names.',
        ),
      ),
    [],
  ),
  timeoutSeconds: z._default(
    seconds.check(z.maximum(APPROVAL_LIMIT_SECONDS), z.describe('How long people are waited for.')),
    86_400,
  ),
  onTimeout: z._default(
    z.enum(['reject', 'approve']).check(z.describe('What counts as the answer when nobody gives one.')),
    'reject',
  ),
});
