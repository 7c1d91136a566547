import * as z from 'zod';
import { serviceThresholdsSchema } from './evidence/thresholds';
import { APPROVAL_LIMIT_SECONDS, DAY_SECONDS, EXECUTION_TIMEOUT_SECONDS } from './limits';
import { classes, tools } from './migrations/types';
import { smokeTestSchema } from './smoke-tests';
import { levels } from './validation/check';

/**
 * What a service needs to be deployed: where it lives, and the defaults of its deployments. Written by
 * the `DeploymentWorkflow` construct into one SSM parameter per service; a request names only the service.
 */

/** The two places a version can run in. Blue is the slot that serves, green the other: they trade roles. */
export const SLOTS = ['a', 'b'] as const;
export type Slot = (typeof SLOTS)[number];
export const otherSlot = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');

const slot = z.strictObject({
  /** ECS service name. */
  service: z.string().min(1),
  targetGroup: z.string().startsWith('arn:'),
  /** The name CloudWatch knows the group by: `targetgroup/<name>/<id>`. */
  targetGroupFullName: z.string().min(1),
});

/** Nothing in a deployment takes longer than the deployment may. */
const seconds = z.number().int().positive().max(EXECUTION_TIMEOUT_SECONDS);
const YEAR_SECONDS = 365 * DAY_SECONDS;

/** How the traffic moves, in Amazon ECS's own words where it has one. */
export const strategies = ['ALL_AT_ONCE', 'CANARY', 'LINEAR', 'ROLLING', 'MAINTENANCE'] as const;
export type Strategy = (typeof strategies)[number];
/** What may be asked for: `AUTO` leaves the choice to the release's migrations. */
export const askable = [...strategies, 'AUTO'] as const;

/**
 * Defaults are Amazon ECS's own. Source: Amazon ECS API Reference, LinearConfiguration. At most twenty steps, because each
 * may look at green until its deadline, and a state machine's history has an end.
 */
export const linearSchema = z.strictObject({
  percent: z.number().int().min(5).max(50),
  seconds: seconds.max(DAY_SECONDS),
});

/** What a request may override. */
export const overrides = [
  'strategy',
  'canaryPercent',
  'linear',
  'bakeSeconds',
  'thresholds',
  'deadlines',
  'onBusy',
  'rollback',
  'validation',
] as const;

/** What no request may undercut: the safety limits of an environment. */
export const limitsSchema = z.strictObject({
  /** The strategies that may be asked for or chosen. */
  strategies: z
    .array(z.enum(strategies))
    .min(1)
    .default([...strategies]),
  /** What a request may set for itself. */
  overrides: z.array(z.enum(overrides)).default([...overrides]),
  /** May a request vouch for migrations that would stop it? */
  accept: z.boolean().default(true),
  /** No step of a shift is watched for less. */
  minimumBakeSeconds: z.number().int().min(0).default(0),
});
export type Limits = z.infer<typeof limitsSchema>;

/** How long a service's own snapshots are kept; a newer one than either is never deleted. */
export const retentionSchema = z.strictObject({
  snapshotDays: z.number().int().min(1),
  /** The newest so many are kept whatever their age. */
  keepLast: z.number().int().min(1),
});
export type Retention = z.infer<typeof retentionSchema>;
/** What a deployment does that finds another one at work on its service. */
export const busyAnswers = ['reject', 'wait', 'supersede'] as const;
export type OnBusy = (typeof busyAnswers)[number];

/** After these a phase that has not ended well counts as failed. */
export const deadlinesSchema = z.strictObject({
  /** Where a deployment waits for another one to end. */
  lockSeconds: seconds,
  snapshotSeconds: seconds,
  migrationSeconds: seconds,
  /** For the proof that the version before is gone, and then for the contract migrations. */
  contractSeconds: seconds,
  greenSeconds: seconds,
  /** Beyond the bake, for evidence that stays undecided. */
  evidenceSeconds: seconds,
  rollbackSeconds: seconds,
  /** A paused shift that nobody resumes. */
  pauseSeconds: seconds.max(DAY_SECONDS),
});
const serviceDeadlinesSchema = z.strictObject({
  ...deadlinesSchema.shape,
  pauseSeconds: deadlinesSchema.shape.pauseSeconds.default(86_400),
});

const age = z.number().int().min(0).max(YEAR_SECONDS);
/** Who decides about a way back, by how long all users have been on green. A request may override it. */
export const rollbackSchema = z.strictObject({
  /** How long after a release it can be rolled back by request; 0: not at all. */
  windowSeconds: age,
  /** How long the previous version keeps running after a release, so that the way back takes seconds. */
  warmSeconds: age,
  /** Up to here nobody is asked. */
  automaticSeconds: age,
  /** Up to here traffic returns at once and people are asked whether to complete it; beyond, they are asked first. */
  confirmSeconds: age,
  timeoutSeconds: seconds.max(APPROVAL_LIMIT_SECONDS),
  /** What counts as the answer, asked first, when nobody gives one. */
  onTimeout: z.enum(['operator', 'complete']),
  /** Take a schema back that the version before works on, if the down scripts lose nothing. */
  revertSchema: z.boolean(),
});
const serviceRollbackSchema = z.strictObject({
  windowSeconds: rollbackSchema.shape.windowSeconds.default(86_400),
  warmSeconds: rollbackSchema.shape.warmSeconds.default(3600),
  revertSchema: rollbackSchema.shape.revertSchema.default(false),
  automaticSeconds: rollbackSchema.shape.automaticSeconds.default(300),
  confirmSeconds: rollbackSchema.shape.confirmSeconds.default(900),
  timeoutSeconds: rollbackSchema.shape.timeoutSeconds.default(3600),
  onTimeout: rollbackSchema.shape.onTimeout.default('operator'),
});

/** Who has to agree before anything changes: one matching rule is enough, and a rule matches with all that it names. */
const approvalSchema = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        environments: z.array(z.string().min(1)).min(1).optional(),
        /** One of the pending migrations' classes. */
        classes: z.array(z.enum(classes)).min(1).optional(),
        strategies: z.array(z.enum(strategies)).min(1).optional(),
      }),
    )
    .default([]),
  timeoutSeconds: seconds.max(APPROVAL_LIMIT_SECONDS).default(86_400),
  /** What counts as the answer when nobody gives one. */
  onTimeout: z.enum(['reject', 'approve']).default('reject'),
});

export const settingsSchema = z.strictObject({
  service: z.string().min(1),
  environment: z.string().min(1),
  cluster: z.string().startsWith('arn:'),
  /** The container of the task definition that carries the released image. */
  container: z.string().min(1),
  /** Repository URI; releases are images of this repository. */
  repository: z.string().min(1),
  slots: z.strictObject({ a: slot, b: slot }),
  traffic: z.strictObject({
    loadBalancer: z.string().startsWith('arn:'),
    /** The name CloudWatch knows the load balancer by: `app/<name>/<id>`. */
    loadBalancerFullName: z.string().min(1),
    productionRule: z.string().startsWith('arn:'),
    testListener: z.string().startsWith('arn:'),
    testRule: z.string().startsWith('arn:'),
  }),
  database: z.strictObject({
    /** A restored instance's name is nine characters longer, and RDS allows 63. */
    instance: z.string().min(1).max(54),
    /** Secrets Manager secret as RDS writes it: host, port, dbname, username, password. */
    secret: z.string().startsWith('arn:'),
  }),
  migrations: z.strictObject({
    tool: z.enum(tools),
    /** Where `greenlight bundle --s3` puts the releases' manifests: `<this>/<image digest>.json`. */
    manifests: z.string().regex(/^s3:\/\/[^/]+\/.+[^/]$/, 'expected s3://bucket/prefix'),
    /** What to do with statements that nobody can look into beforehand: generated by code, or dynamic. */
    opaque: z.enum(['allow', 'refuse']),
    /** Task definition family whose `container` runs the released image with `command`. */
    taskDefinition: z.string().min(1),
    container: z.string().min(1),
    command: z.array(z.string()).min(1),
    /** Runs the contract migrations, and what is pending of the others. Empty: the service has none. */
    contractCommand: z.array(z.string()).default([]),
    /**
     * Takes migrations back: `{keep}` is the id of the newest one to keep ("0", of alembic "base": none), `{count}` how many
     * are taken back, `{oldest}` the id of the oldest of those; without any of them `{keep}` is appended. Empty: reverting
     * is not possible.
     */
    revertCommand: z.array(z.string()),
    subnets: z.array(z.string()).min(1),
    securityGroups: z.array(z.string()).min(1),
  }),
  /** What users get during a maintenance window; null: the service never closes. */
  maintenance: z
    .strictObject({
      /** Target group of the function that answers 503 with Retry-After and a page. */
      targetGroup: z.string().startsWith('arn:'),
      targetGroupFullName: z.string().min(1),
      /**
       * How much of the database is compared row by row after a restore, smallest tables first; of up to ten times as much
       * the rows are counted. Reading it is part of the window.
       */
      compareBytes: z.number().int().min(0).default(1_000_000_000),
      /** How long to wait until nobody can write any more; after that the service is opened again. */
      closeSeconds: seconds.default(600),
      /** How long a restore may take. */
      restoreSeconds: seconds.default(3600),
    })
    .nullable()
    .default(null),
  /** How much of the database is compared before and after its migrations. */
  validation: z.enum(levels).default('standard'),
  smokeTests: z.array(smokeTestSchema),
  /** Where a request names none. */
  strategy: z.enum(askable),
  /** What `AUTO` takes where the migrations break nobody. */
  zeroDowntime: z.enum(['ALL_AT_ONCE', 'CANARY', 'LINEAR', 'ROLLING']).default('CANARY'),
  canaryPercent: z.number().int().min(1).max(99),
  /** `LINEAR`: how much more each step gives green, and how long each but the last is watched at least. */
  linear: linearSchema.default({ percent: 10, seconds: 360 }),
  /** How long a step of the shift is watched at least; with `LINEAR` the last. */
  bakeSeconds: seconds,
  /** How long a side must have weight 0 and no requests before it is scaled down (propagation, keep-alive). */
  soakSeconds: seconds,
  thresholds: serviceThresholdsSchema,
  approval: approvalSchema.prefault({}),
  rollback: serviceRollbackSchema.prefault({}),
  deadlines: serviceDeadlinesSchema,
  limits: limitsSchema.prefault({}),
  retention: retentionSchema.default({ snapshotDays: 35, keepLast: 3 }),
  /** Only images are taken that have succeeded there; null: any image. */
  promotion: z
    .strictObject({ after: z.string().min(1) })
    .nullable()
    .default(null),
  /** Where a request says nothing else. */
  onBusy: z.enum(busyAnswers).default('reject'),
});
export type Settings = z.infer<typeof settingsSchema>;
/** As a construct writes them: what has a default may be left out. */
export type SettingsInput = z.input<typeof settingsSchema>;
