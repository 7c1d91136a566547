import '../text/zod-english';
import * as z from 'zod/mini';
import { checkedDeployment } from '../deployment/checked-deployment';
import {
  contractSchema,
  greenSchema,
  liveSchema,
  restoredSchema,
  schemaStateSchema,
  shiftSchema,
  taskSchema,
} from '../deployment/variables';
import { planSchema } from '../migrations/plan';
import { classes, lockModes } from '../migrations/types';
import { querySchema } from '../validation/upkeep/queries';
import { cause, findings, level, lockNumber, tasks, waitSeconds } from './parts';

export const validateRequestResult = () =>
  z.object({ valid: z.boolean(), deployment: z.nullable(checkedDeployment), cause: cause() });

export const acquireLockResult = () =>
  z.object({
    status: z.enum(['acquired', 'busy', 'waiting']),
    lock: z.nullable(lockNumber()),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const inspectLiveResult = () =>
  z.object({
    asRecorded: z.boolean(),
    live: z.nullable(liveSchema),
    tasks: tasks(),
    cause: cause(),
  });

export const inspectDatabaseResult = () =>
  z.object({
    ready: z.boolean(),
    before: z.nullable(schemaStateSchema),
    level: level(),
    findings: findings(),
    /** Of a validation on demand: numbers to compare with those of another run, and the heaviest statements. */
    figures: z.optional(z.record(z.string(), z.number())),
    queries: z.optional(z.array(querySchema)),
    cause: cause(),
  });

/** Of each pending migration the worst that a statement of it does, the locks that it takes, and who waits for them; only the first of many. */
const migrations = () =>
  z.array(
    z.object({
      id: z.string(),
      class: z.enum(classes),
      locks: z.array(z.object({ relation: z.string(), mode: z.enum(lockModes) })),
      blocks: z.enum(['', 'writes', 'reads and writes']),
    }),
  );

export const analyseMigrationsResult = () =>
  z.object({
    plan: planSchema(),
    /** Empty in rows of before it was said. */
    migrations: z._default(migrations(), []),
    cause: cause(),
  });

/** Whether somebody has to agree, and the words that say why. */
const approval = () =>
  z.object({
    needed: z.boolean(),
    because: z.string(),
    /** They have agreed already, before it waited for a window. */
    given: z._default(z.boolean(), false),
  });

export const chooseStrategyResult = () =>
  z.object({
    chosen: z.boolean(),
    deployment: z.nullable(checkedDeployment),
    because: z.string(),
    /** What may prolong the deployment, or end it in a rollback. */
    warnings: z._default(z.array(z.string()), []),
    approval: z.nullable(approval()),
    /** Whether and when it may begin, as it was asked for; null of what has waited already, and in rows of before it was said. */
    begins: z._default(
      z.nullable(
        z.object({
          may: z.enum(['now', 'later', 'not']),
          at: z.optional(z.iso.datetime()),
          until: z.optional(z.nullable(z.iso.datetime())),
          because: z.string(),
        }),
      ),
      null,
    ),
    cause: cause(),
  });

/** Where a deployment is resumed, with every variable as its journal tells it; all null where it is refused. */
export const recoverDeploymentResult = () =>
  z.object({
    entry: z.enum(['release', 'return', 'restart', 'finish', 'refused']),
    deployment: z.nullable(checkedDeployment),
    lock: z.nullable(lockNumber()),
    live: z.nullable(liveSchema),
    protected: z.boolean(),
    plan: z.nullable(planSchema()),
    migration: z.nullable(taskSchema),
    migrated: z.boolean(),
    green: z.nullable(greenSchema),
    shift: z.nullable(shiftSchema),
    usersOnGreen: z.boolean(),
    contract: z.nullable(contractSchema),
    closedSeconds: z.nullable(z.number()),
    restored: z.nullable(restoredSchema),
    cause: cause(),
  });
