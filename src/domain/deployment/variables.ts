import '../text/zod-english';
import * as z from 'zod/mini';
import { rounds } from '../seeds/rounds';
import { SLOTS } from '../settings/choices';

/** Blue, as `InspectLive` found it: the variable `$live`. */
export const liveSchema = z.object({
  slot: z.enum(SLOTS),
  taskDefinition: z.string(),
  /** The newest revision of the service's family: what the release is made of. Absent in rows of before there was one. */
  newest: z.optional(z.string()),
  /** What that one changes beside the image, by names alone. */
  changes: z.optional(z.array(z.string())),
  /** What the service's workers run, and when each of them moves. Absent in rows of before there were any. */
  workers: z.optional(z.array(z.string())),
  /** The image that serves; null until a deployment has recorded it. */
  image: z.nullable(z.string()),
  /** The name of the database that serves: an instance, or a cluster where the settings name one. */
  database: z.string(),
  /** Since when no other version has answered from its slot; absent where nobody knows. */
  aloneSince: z.optional(z.iso.datetime()),
  /** Nobody is served yet: there is no version to return to. */
  first: z.optional(z.boolean()),
  /** What the service gets; absent in deployments from before it was looked at. */
  requestsPerSecond: z.optional(z.number()),
});
export type Blue = z.infer<typeof liveSchema>;

/** The schema before the deployment, the variable `$before`. */
export const schemaStateSchema = z.object({ fingerprint: z.string(), applied: z.array(z.string()) });

/** A database restored from the deployment's snapshot, the variable `$restored`. */
export const restoredSchema = z.object({
  /** Its name, also where it is a cluster. */
  instance: z.string(),
  /** The one whose place it takes; it is kept. */
  source: z.string(),
  startedAt: z.iso.datetime(),
});

/** A migration task, the variables `$migration` and `$revert`. */
export const taskSchema = z.object({
  /** What it runs, where that is not what the variable is named for. */
  round: z.optional(z.enum(rounds)),
  task: z.string(),
  essential: z.array(z.string()),
  startedAt: z.iso.datetime(),
  /** Which run it is, where the first was cancelled and tried again. */
  run: z.optional(z.int()),
  /** When the first of all that share its deadline was asked for. */
  since: z.optional(z.iso.datetime()),
});

/** A task of blue outside the traffic, in the variables `$tried`. */
export const trialSchema = z.object({
  task: z.string(),
  startedAt: z.iso.datetime(),
  /** Its container has a health check. */
  checked: z.boolean(),
  /** Where its output goes; null when that is not CloudWatch Logs. */
  log: z.nullable(z.object({ group: z.string(), prefix: z.string() })),
});
export type Trial = z.infer<typeof trialSchema>;

/** The contract migrations once they are about to run: the variable `$contract`. */
export const contractSchema = z.object({
  /** Ids, in the tool's order. */
  pending: z.array(z.string()),
  /** Taken right before them. */
  snapshot: z.string(),
  /** What runs them; absent until it does. */
  migration: z.optional(z.extend(taskSchema, { taskDefinition: z.string() })),
  /** How that ended; absent until it has. */
  ended: z.optional(z.object({ ok: z.boolean(), cause: z.string(), at: z.iso.datetime() })),
});
export type Contract = z.infer<typeof contractSchema>;

/** Green, as `StartGreen` started it: the variable `$green`. */
export const greenSchema = z.object({
  slot: z.enum(SLOTS),
  taskDefinition: z.string(),
  startedAt: z.iso.datetime(),
});

/**
 * The step of the shift that stands, the variable `$shift`. Until `firstAt` blue alone served: then users first reached
 * green, or the service was closed for it.
 */
export const shiftSchema = z.object({
  step: z.int().check(z.nonnegative()),
  greenPercent: z.int(),
  since: z.iso.datetime(),
  firstAt: z.iso.datetime(),
});
