import '../text/zod-english';
import * as z from 'zod/mini';
import { contractSchema } from '../deployment/variables';
import { cause, exitCodes, waitSeconds } from './parts';

/** `warm`: it is kept running on purpose. `kept`: it does not fall silent, so it is left running. */
export const retireBlueResult = () =>
  z.object({
    status: z.enum(['retired', 'waiting', 'warm', 'kept']),
    waitSeconds: waitSeconds(),
    /** Until when the previous version runs; empty where it does not. */
    warmUntil: z.string(),
    cause: cause(),
  });

/** `left`: for a later deployment. */
export const prepareContractResult = () =>
  z.object({
    status: z.enum(['ready', 'waiting', 'left']),
    waitSeconds: waitSeconds(),
    contract: z.nullable(contractSchema),
    cause: cause(),
  });

export const startContractResult = () =>
  z.object({ started: z.boolean(), contract: contractSchema, cause: cause() });

export const checkContractResult = () =>
  z.object({
    status: z.enum(['running', 'ended']),
    exitCodes: z.optional(exitCodes()),
    waitSeconds: waitSeconds(),
    contract: contractSchema,
    cause: cause(),
  });

export const verifyContractResult = () =>
  z.object({
    status: z.enum(['done', 'waiting', 'stuck']),
    applied: z.array(z.string()),
    missing: z.array(z.string()),
    waitSeconds: waitSeconds(),
    numbers: z.record(z.string(), z.unknown()),
    cause: cause(),
  });
