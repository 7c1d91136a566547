import * as z from 'zod/mini';
import { ownEvidenceSchema } from '../evidence/own';
import { smokeTestSchema } from '../evidence/smoke-tests';
import { serviceThresholdsSchema } from '../evidence/thresholds';
import { classes, tools } from '../migrations/types';
import { arnOf, nonEmpty, nonEmptyList } from '../text/schemas';
import { APPROVAL_LIMIT_SECONDS, DAY_SECONDS, EXECUTION_TIMEOUT_SECONDS } from '../time/limits';
import { streamsSchema } from '../traffic/streams';
import { levels } from '../validation/check';
import { workerName, workerSchema } from '../workers/settings';
import { askable, busyAnswers, overrides, SLOTS, strategies } from './choices';
import { rulesIn } from './rules';

/**
 * What a service needs to be deployed: where it lives, and the defaults of its deployments. Written by
 * the `DeploymentWorkflow` construct into one SSM parameter per service; a request names only the service.
 */

const targetGroup = arnOf('elasticloadbalancing:targetgroup', 'the ARN of a target group');
const listenerRule = arnOf(
  'elasticloadbalancing:listener-rule',
  'the ARN of a listener rule, not of its listener',
);

const slot = z.strictObject({
  /** ECS service name. */
  service: nonEmpty.check(z.regex(/^[^/:]+$/, 'expected the name of an Amazon ECS service, not its ARN')),
  /** Absent where there is no load balancer. */
  targetGroup: z.optional(targetGroup),
  /** The name CloudWatch knows the group by: `targetgroup/<name>/<id>`. */
  targetGroupFullName: z.optional(nonEmpty),
});

/** Nothing in a deployment takes longer than the deployment may. */
const seconds = z.int().check(z.positive(), z.maximum(EXECUTION_TIMEOUT_SECONDS));
const YEAR_SECONDS = 365 * DAY_SECONDS;

/**
 * Defaults are Amazon ECS's own. Source: Amazon ECS API Reference, LinearConfiguration. At most twenty steps, because each
 * may look at green until its deadline, and a state machine's history has an end.
 */
export const linearSchema = z.strictObject({
  percent: z.int().check(z.minimum(5), z.maximum(50)),
  seconds: seconds.check(z.maximum(DAY_SECONDS)),
});

/** What no request may undercut: the safety limits of an environment. */
export const limitsSchema = z.strictObject({
  /** The strategies that may be asked for or chosen. */
  strategies: z._default(z.array(z.enum(strategies)).check(z.minLength(1)), [...strategies]),
  /** What a request may set for itself. */
  overrides: z._default(z.array(z.enum(overrides)), [...overrides]),
  /** May a request accept migrations that would stop it? */
  accept: z._default(z.boolean(), true),
  /** No step of a shift is watched for less. */
  minimumBakeSeconds: z._default(z.int().check(z.nonnegative()), 0),
});
export type Limits = z.infer<typeof limitsSchema>;

/** How long a service's own snapshots are kept; a newer one than either is never deleted. */
export const retentionSchema = z.strictObject({
  snapshotDays: z.int().check(z.minimum(1)),
  /** The newest so many are kept whatever their age. */
  keepLast: z.int().check(z.minimum(1)),
});
export type Retention = z.infer<typeof retentionSchema>;

/** After these a phase that has not ended well counts as failed. */
export const deadlinesSchema = z.strictObject({
  /** Where a deployment waits for another one to end. */
  lockSeconds: seconds,
  snapshotSeconds: seconds,
  migrationSeconds: seconds,
  /** For the proof that the previous version is gone, and then for the contract migrations. */
  contractSeconds: seconds,
  greenSeconds: seconds,
  /** Beyond the bake, for evidence that stays undecided. */
  evidenceSeconds: seconds,
  rollbackSeconds: seconds,
  /** A paused shift that nobody resumes. */
  pauseSeconds: seconds.check(z.maximum(DAY_SECONDS)),
});
const serviceDeadlinesSchema = z.strictObject({
  ...deadlinesSchema.shape,
  pauseSeconds: z._default(deadlinesSchema.shape.pauseSeconds, 86_400),
});

const age = z.int().check(z.nonnegative(), z.maximum(YEAR_SECONDS));
/** Who decides about a rollback, by how long all users have been on green. A request may override it. */
export const rollbackSchema = z.strictObject({
  /** How long after a release it can be rolled back by request; 0: not at all. */
  windowSeconds: age,
  /** How long the previous version keeps running after a release, so that the rollback takes seconds. */
  warmSeconds: age,
  /** Up to here nobody is asked. */
  automaticSeconds: age,
  /** Up to here traffic returns at once and people are asked whether to complete it; beyond, they are asked first. */
  confirmSeconds: age,
  timeoutSeconds: seconds.check(z.maximum(APPROVAL_LIMIT_SECONDS)),
  /** What counts as the answer, asked first, when nobody gives one. */
  onTimeout: z.enum(['operator', 'complete']),
  /** Take a schema back that the previous version works on, if the down scripts lose nothing. */
  revertSchema: z.boolean(),
});
const serviceRollbackSchema = z.strictObject({
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
  command: nonEmptyList,
  interval: z.optional(z.int().check(z.minimum(5), z.maximum(300))),
  timeout: z.optional(z.int().check(z.minimum(2), z.maximum(60))),
  retries: z.optional(z.int().check(z.minimum(1), z.maximum(10))),
  startPeriod: z.optional(z.int().check(z.minimum(0), z.maximum(300))),
});

/** How a trial tells whether a task of the previous version is healthy, where its container has no health check. */
const trialSchema = z.strictObject({
  /** The check that its container is given. */
  healthCheck: z._default(z.nullable(healthCheckSchema), null),
  /** Without one: how long it has to run. ECS takes such a task for healthy after as long. */
  steadySeconds: z._default(seconds, 40),
});

/** Who has to agree before anything changes: one matching rule is enough, and a rule matches with all that it names. */
const approvalSchema = z.strictObject({
  rules: z._default(
    z.array(
      z.strictObject({
        environments: z.optional(z.array(nonEmpty).check(z.minLength(1))),
        /** One of the pending migrations' classes. */
        classes: z.optional(z.array(z.enum(classes)).check(z.minLength(1))),
        strategies: z.optional(z.array(z.enum(strategies)).check(z.minLength(1))),
      }),
    ),
    [],
  ),
  timeoutSeconds: z._default(seconds.check(z.maximum(APPROVAL_LIMIT_SECONDS)), 86_400),
  /** What counts as the answer when nobody gives one. */
  onTimeout: z._default(z.enum(['reject', 'approve']), 'reject'),
});

const shape = z.strictObject({
  service: nonEmpty,
  environment: nonEmpty,
  cluster: arnOf('ecs:cluster', 'the ARN of an Amazon ECS cluster'),
  /** Task definition family whose newest revision a release is made of; that of the live version where it is left out. */
  taskDefinition: z.optional(nonEmpty),
  /** The container of the task definition that carries the released image. */
  container: nonEmpty,
  /** Repository URI; releases are images of this repository. */
  repository: nonEmpty,
  /** Two, which trade the roles of blue and green; of a pure worker `a` alone. */
  slots: z.strictObject({ a: slot, b: z.optional(slot) }),
  /** null: a pure worker, which has no load balancer. Its tasks are replaced in place. */
  traffic: z.nullable(
    z.strictObject({
      loadBalancer: arnOf(
        'elasticloadbalancing:loadbalancer/app',
        'the ARN of an application load balancer; a network load balancer has no rules with weights',
      ),
      /** The name CloudWatch knows the load balancer by: `app/<name>/<id>`. */
      loadBalancerFullName: nonEmpty,
      productionRule: listenerRule,
      /**
       * Further rules of the users, which always have the same weights: one rule has five values of conditions at most, and users
       * may come by several listeners of the load balancer.
       */
      otherRules: z._default(z.array(listenerRule), []),
      testListener: arnOf('elasticloadbalancing:listener', 'the ARN of a listener'),
      /**
       * The name that green is asked by through the test listener: the requests' Host, and over HTTPS what its certificate has
       * to be for. By default the load balancer's own name, which no certificate of yours is for.
       */
      testHost: z.optional(nonEmpty),
      testRule: listenerRule,
    }),
  ),
  database: z.strictObject({
    /** A restored instance's name is nine characters longer, and RDS allows 63. */
    instance: nonEmpty.check(z.maxLength(54)),
    /** Secrets Manager secret as RDS writes it: host, port, dbname, username, password. */
    secret: arnOf('secretsmanager:secret', 'the ARN of a secret of AWS Secrets Manager'),
    /**
     * Roles under which the application and its migrations work, where that is not the secret's own user alone. Their sessions
     * tell whether the previous version is gone.
     */
    roles: z._default(z.array(nonEmpty), []),
  }),
  migrations: z.strictObject({
    tool: z.enum(tools),
    /** The table in which the tool records what it has applied, where that is not its usual one: "table", or "schema.table". */
    historyTable: z.optional(nonEmpty),
    /** Where `greenlight bundle --s3` puts the releases' manifests: `<this>/<image digest>.json`. */
    manifests: z.string().check(z.regex(/^s3:\/\/[^/]+\/.+[^/]$/, 'expected s3://bucket/prefix')),
    /** What to do with statements that nobody can look into beforehand: generated by code, or dynamic. */
    opaque: z.enum(['allow', 'refuse']),
    /** Task definition family whose `container` runs the released image with `command`. */
    taskDefinition: nonEmpty,
    container: nonEmpty,
    command: nonEmptyList,
    /** Runs the contract migrations, and what is pending of the others. Empty: the service has none. */
    contractCommand: z._default(z.array(z.string()), []),
    /**
     * Takes migrations back: `{keep}` is the id of the newest one to keep ("0", of alembic "base": none), `{count}` how many
     * are taken back, `{oldest}` the id of the oldest of those; without any of them `{keep}` is appended. Empty: reverting
     * is not possible.
     */
    revertCommand: z.array(z.string()),
    subnets: nonEmptyList,
    securityGroups: nonEmptyList,
  }),
  /** What users get during a maintenance window; null: the service never closes. */
  maintenance: z._default(
    z.nullable(
      z.strictObject({
        /** Target group of the function that answers 503 with Retry-After and a page. */
        targetGroup,
        targetGroupFullName: nonEmpty,
        /**
         * How much of the database is compared row by row after a restore, smallest tables first; of up to ten times as much
         * the rows are counted. Reading it is part of the window.
         */
        compareBytes: z._default(z.int().check(z.nonnegative()), 1_000_000_000),
        /** How long to wait until nobody can write any more; after that the service is opened again. */
        closeSeconds: z._default(seconds, 600),
        /** How long a restore may take. */
        restoreSeconds: z._default(seconds, 3600),
      }),
    ),
    null,
  ),
  /** What works beside the slots with the same image. */
  workers: z._default(z.array(workerSchema), []),
  /** How much of the database is compared before and after its migrations. */
  validation: z._default(z.enum(levels), 'standard'),
  smokeTests: z.array(smokeTestSchema),
  evidence: z.prefault(ownEvidenceSchema, {}),
  /** Whether the previous version can still start on the migrated schema is tried; null: nobody knows then. */
  trial: z._default(z.nullable(trialSchema), { healthCheck: null, steadySeconds: 40 }),
  /** Where a request names none. */
  strategy: z.enum(askable),
  /** What `AUTO` takes where the migrations break nobody. */
  zeroDowntime: z._default(z.enum(['ALL_AT_ONCE', 'CANARY', 'LINEAR', 'ROLLING']), 'CANARY'),
  canaryPercent: z.int().check(z.minimum(1), z.maximum(99)),
  /** `LINEAR`: how much more each step gives green, and how long each but the last is watched at least. */
  linear: z._default(linearSchema, { percent: 10, seconds: 360 }),
  /** How long a step of the shift is watched at least; with `LINEAR` the last. */
  bakeSeconds: seconds,
  /** How long a side must have weight 0 and no requests before it is scaled down (propagation, keep-alive). */
  soakSeconds: seconds,
  /** Of a service with WebSockets or other long streams; null: what receives no request is stopped at once. */
  streams: z._default(z.nullable(streamsSchema), null),
  thresholds: serviceThresholdsSchema,
  approval: z.prefault(approvalSchema, {}),
  rollback: z.prefault(serviceRollbackSchema, {}),
  deadlines: serviceDeadlinesSchema,
  limits: z.prefault(limitsSchema, {}),
  retention: z._default(retentionSchema, { snapshotDays: 35, keepLast: 3 }),
  /** Only images are taken that have succeeded there; null: any image. */
  promotion: z._default(z.nullable(z.strictObject({ after: nonEmpty })), null),
  /** Where a request says nothing else. */
  onBusy: z._default(z.enum(busyAnswers), 'reject'),
});

/** What a service needs behind a load balancer, and what a pure worker cannot have. */
function unfit({ traffic, slots, workers, maintenance, smokeTests, evidence }: z.infer<typeof shape>) {
  const found: { path: (string | number)[]; message: string }[] = [];
  const wants = (holds: boolean, path: (string | number)[], message: string) => {
    if (!holds) found.push({ path, message });
  };
  for (const [index, worker] of workers.entries()) {
    const name = workerName(worker);
    wants(
      workers.findIndex((one) => workerName(one) === name) === index,
      ['workers', index],
      `expected each worker once, received ${name} again`,
    );
    wants(
      worker.kind !== 'service' || SLOTS.every((slot) => slots[slot]?.service !== worker.service),
      ['workers', index],
      `expected what works beside the slots, received ${name}, which is one of them`,
    );
  }
  if (!traffic) {
    const worker = 'of a service without traffic, whose tasks are replaced in place';
    wants(!slots.b, ['slots', 'b'], `expected no second slot ${worker}`);
    wants(!slots.a.targetGroup, ['slots', 'a', 'targetGroup'], `expected no target group ${worker}`);
    wants(!maintenance, ['maintenance'], `expected null ${worker}: nobody would get the page`);
    for (const [index, test] of smokeTests.entries())
      wants(
        !('path' in test),
        ['smokeTests', index],
        `expected a function or a task ${worker}: it takes no requests`,
      );
    return found;
  }
  const rules = [traffic.testRule, ...rulesIn({ traffic })];
  for (const [index, rule] of traffic.otherRules.entries())
    wants(
      rules.indexOf(rule) === rules.length - traffic.otherRules.length + index,
      ['traffic', 'otherRules', index],
      'expected each rule once',
    );
  wants(slots.b !== undefined, ['slots', 'b'], 'expected a second slot behind the load balancer');
  for (const slot of SLOTS)
    for (const member of ['targetGroup', 'targetGroupFullName'] as const)
      wants(
        !slots[slot] || slots[slot][member] !== undefined,
        ['slots', slot, member],
        'expected the target group of the slot, as traffic is set',
      );
  for (const [index, { dimensions }] of evidence.metrics.entries())
    wants(
      dimensions.b !== undefined,
      ['evidence', 'metrics', index, 'dimensions', 'b'],
      'expected the dimensions of the second slot',
    );
  return found;
}

export const settingsSchema = shape.check((found) => {
  for (const { path, message } of unfit(found.value))
    found.issues.push({ code: 'custom', path, message, input: found.value });
});
export type Settings = z.infer<typeof settingsSchema>;
/** As a construct writes them: what has a default may be left out. */
export type SettingsInput = z.input<typeof settingsSchema>;
