import '../text/zod-english';
import * as z from 'zod/mini';
import { taskSchema } from '../deployment/variables';
import { cause, exitCodes, findings, level, waitSeconds } from './parts';

export const startMigrationResult = () =>
  z.object({
    started: z.boolean(),
    migration: z.nullable(taskSchema),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const checkMigrationResult = () =>
  z.object({
    status: z.enum(['running', 'succeeded', 'failed']),
    exitCodes: exitCodes(),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const verifyMigrationResult = () =>
  z.object({
    verified: z.boolean(),
    level: level(),
    fingerprint: z.string(),
    findings: findings(),
    cause: cause(),
  });
