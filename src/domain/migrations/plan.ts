import '../text/zod-english';
import * as z from 'zod/mini';
import { strategies } from '../settings/choices';
import { classes } from './types';

/** What a deployment does with its release's migrations, decided before anything runs, and what else the release changes. */
export const planSchema = () =>
  z.object({
    /** `none`: nothing is pending. `run`: harmless for the live version. `refuse`: `cause` says why, and what to do. */
    decision: z.enum(['none', 'run', 'refuse']),
    /** Ids in the tool's order, of what runs while the previous version serves. */
    pending: z.array(z.string()),
    /** Ids in the tool's order, of what runs once the previous version is gone. */
    contract: z.array(z.string()),
    /** How many statements of each class; classes without one are left out. */
    classes: z.partialRecord(z.enum(classes), z.number()),
    /** What a reader ought to know, worst first, only the first of many. */
    remarks: z.array(z.string()),
    /** What the migrations allow: a release that breaks nobody may go any way, one that is refused none; `cause` says why others are not here. */
    strategies: z.array(z.enum(strategies)),
    cause: z.string(),
    /** What the release's task definition changes beside the image, by names alone; absent in rows of before it was said. */
    taskDefinition: z.optional(z.array(z.string())),
    /** What the service's workers run, and when each of them moves. */
    workers: z.optional(z.array(z.string())),
  });
export type MigrationPlan = z.infer<ReturnType<typeof planSchema>>;
