import '../text/zod-english';
import * as z from 'zod/mini';
import { contractSchema, restoredSchema, schemaStateSchema, taskSchema } from '../deployment/variables';
import { rounds } from '../seeds/rounds';
import { cause, trialBegun, trialLook, waitSeconds } from './parts';

/** How far the deployment came, as far as a rollback has to know it. */
export const readJournalResult = () =>
  z.object({
    progress: z.object({
      before: z.nullable(schemaStateSchema),
      protected: z.boolean(),
      migration: z.nullable(taskSchema),
      migrated: z.boolean(),
      usersOnGreen: z.boolean(),
      /** Why blue cannot start on the schema as it is; null where nobody has found that. */
      cannotStart: z.nullable(z.string()),
      contract: z.nullable(contractSchema),
      restored: z.nullable(restoredSchema),
    }),
  });

export const stopTasksResult = () =>
  z.object({ status: z.enum(['stopped', 'stopping', 'stuck']), waitSeconds: waitSeconds(), cause: cause() });

export const chooseRollbackResult = () =>
  z.object({
    action: z.enum(['keep', 'revert', 'restore', 'wait', 'operator']),
    /** Empty where no rollback comes of it. */
    outcome: z.enum(['RolledBack', 'DeploymentRejected', '']),
    keepNewest: z.string(),
    reverting: z.array(z.string()),
    schemaKept: z.boolean(),
    /** What is taken back are the seeds; then it is chosen once more. */
    seeds: z._default(z.boolean(), false),
    /** What becomes of seeds, for the end of the rollback; empty where there are none. */
    remark: z._default(z.string(), ''),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const revertMigrationResult = () =>
  z.object({ started: z.boolean(), revert: z.nullable(taskSchema), cause: cause() });

export const checkRevertResult = () =>
  z.object({
    /** What is taken back; absent where it is the migrations. */
    round: z.optional(z.enum(rounds)),
    /** `more`: the seeds are taken back, and what becomes of the schema is left. */
    status: z.enum(['running', 'more', 'succeeded', 'failed']),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const tryBlueAgainResult = trialBegun;

export const checkTrialAgainResult = trialLook;

export const restoreDatabaseResult = () =>
  z.object({ restored: restoredSchema, waitSeconds: waitSeconds(), cause: cause() });

export const checkRestoreResult = () =>
  z.object({
    status: z.enum(['creating', 'available', 'failed']),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const verifyRestoreResult = () =>
  z.object({ verified: z.boolean(), looked: z.optional(z.string()), cause: cause() });

export const switchDatabaseResult = () => z.object({ switched: z.literal(true), cause: cause() });
