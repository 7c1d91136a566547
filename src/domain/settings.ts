import * as z from 'zod';

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

const seconds = z.number().int().positive();

export const strategies = ['ALL_AT_ONCE', 'CANARY'] as const;
export type Strategy = (typeof strategies)[number];

/** What convicts a green; ratios are 0..1. Defaults in `design`: +10 percentage points of errors. */
export const thresholdsSchema = z.strictObject({
  /** Fewer requests than this on green is no evidence at all. */
  minimumRequests: z.number().int().min(1),
  /** Green's 5xx ratio above blue's, in ratio points, that convicts when it is also significant. */
  errorRateIncrease: z.number().min(0).max(1),
  /** A 5xx ratio of green that convicts whatever blue does. */
  errorRateCeiling: z.number().min(0).max(1),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

/** After these a phase that has not ended well counts as failed. */
export const deadlinesSchema = z.strictObject({
  snapshotSeconds: seconds,
  migrationSeconds: seconds,
  greenSeconds: seconds,
  /** Beyond the bake, for evidence that stays undecided. */
  evidenceSeconds: seconds,
  rollbackSeconds: seconds,
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
    instance: z.string().min(1),
    /** Secrets Manager secret as RDS writes it: host, port, dbname, username, password. */
    secret: z.string().startsWith('arn:'),
  }),
  migrations: z.strictObject({
    tool: z.enum(['dbmate']),
    /** Task definition family whose `container` runs the released image with `command`. */
    taskDefinition: z.string().min(1),
    container: z.string().min(1),
    command: z.array(z.string()).min(1),
    /** The id of the newest migration to keep ("0": none) is appended. Empty: reverting is not possible. */
    revertCommand: z.array(z.string()),
    subnets: z.array(z.string()).min(1),
    securityGroups: z.array(z.string()).min(1),
  }),
  smokeTests: z.array(z.strictObject({ path: z.string().startsWith('/'), status: z.number().int() })),
  strategy: z.enum(strategies),
  canaryPercent: z.number().int().min(1).max(99),
  /** How long each step of the shift is watched at least. */
  bakeSeconds: seconds,
  /** How long a side must have weight 0 and no requests before it is scaled down (propagation, keep-alive). */
  soakSeconds: seconds,
  thresholds: thresholdsSchema,
  deadlines: deadlinesSchema,
});
export type Settings = z.infer<typeof settingsSchema>;
