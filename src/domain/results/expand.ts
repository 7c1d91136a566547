import '../text/zod-english';
import * as z from 'zod/mini';
import type { WatchLook } from '../database/watch';
import { taskSchema } from '../deployment/variables';
import { rounds } from '../seeds/rounds';
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
    /** What runs; absent in rows of before there were seeds. */
    round: z.optional(z.enum(rounds)),
    /** `again`: it was cancelled, and is run once more. */
    status: z.enum(['running', 'again', 'succeeded', 'failed']),
    exitCodes: exitCodes(),
    watched: z.optional(watchLook()),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

/** A look at a migration that runs, in numbers; absent once it has ended, and in rows of before anybody looked. */
const watchLook = (): z.ZodMiniType<WatchLook> =>
  z.object({
    sessions: z.array(
      z.object({
        pid: z.int(),
        name: z.string(),
        named: z.boolean(),
        seconds: z.number(),
        waitsFor: z.nullable(z.string()),
        waitsSeconds: z.number(),
        holds: z.array(z.string()),
        progress: z.nullable(z.string()),
      }),
    ),
    blocked: z.int(),
    blockedLong: z.int(),
    blockedSeconds: z.number(),
    blockedNames: z.array(z.string()),
    connections: z.int(),
    maxConnections: z.int(),
    walBytes: z.number(),
    lagSeconds: z.nullable(z.number()),
    slotBytes: z.nullable(z.number()),
  });

export const verifyMigrationResult = () =>
  z.object({
    /** What has run, or has to run next; null before the first run of the seeds. Rows of before there were seeds do not say. */
    round: z._default(z.nullable(z.enum(rounds)), 'migrate'),
    /** `run`: that round; `wait`: more has to be known before. */
    next: z._default(z.nullable(z.enum(['run', 'wait'])), null),
    waitSeconds: z._default(waitSeconds(), 0),
    verified: z.boolean(),
    level: level(),
    fingerprint: z.string(),
    findings: findings(),
    cause: cause(),
  });
