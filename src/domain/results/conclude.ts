import '../text/zod-english';
import * as z from 'zod/mini';
import { cause, report, waitSeconds } from './parts';

/** `kept`: it has no users, and something keeps its tasks; `stuck`: it still has some. */
export const stopGreenResult = () =>
  z.object({
    status: z.enum(['stopped', 'stopping', 'kept', 'stuck']),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const verifyRollbackResult = () =>
  z.object({
    status: z.enum(['verified', 'waiting', 'failed']),
    waitSeconds: waitSeconds(),
    schema: z.string(),
    cause: cause(),
  });

export const releaseLockResult = () =>
  z.object({
    outcome: z.enum(['RolledBack', 'DeploymentRejected', 'PlanReported']),
    cause: cause(),
    report: report(),
  });
