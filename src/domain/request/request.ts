import * as z from 'zod/mini';
import { alarmNamesSchema } from '../evidence/own';
import { thresholdsSchema } from '../evidence/thresholds';
import { askable, busyAnswers } from '../settings/choices';
import { deadlinesSchema, linearSchema, rollbackSchema } from '../settings/settings';
import { identifier, words } from '../text/schemas';
import { levels } from '../validation/check';

/** The image that serves already: a release of it brings the newest task definition alone. */
export const LIVE = 'live';

/** A repository's name has at most 256 characters. Source: Amazon ECR API Reference, CreateRepository. */
const image = z
  .string()
  .check(
    z.maxLength(512),
    z.regex(
      /^[a-zA-Z0-9][a-zA-Z0-9._/-]*(:[0-9]+\/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$|^live$/,
      'expected an image with a tag or a digest, such as shop:v2 or shop@sha256:<64 hex digits>, or "live" for the one that serves',
    ),
  );

/** The manifest of this release where it does not lie under the image's digest; S3's keys end at 1,024 bytes. */
const ownManifest = z.strictObject({
  manifest: z.pipe(
    identifier(1024),
    z.string().check(z.regex(/^s3:\/\/[^/]+\/.+$/, 'expected s3://bucket/key')),
  ),
  digest: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256:<64 hex digits>')),
});

/**
 * What a deployment is asked to do. One schema for the console, the API, EventBridge and the command line;
 * what is left out comes from the service's settings.
 */
export const requestSchema = z.strictObject({
  service: z
    .string()
    .check(z.regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/, 'expected letters, digits and hyphens, at most 63')),
  image,
  reason: words(500, 'why this is deployed, in a few words'),
  requestedBy: z._default(words(200, 'who wants it'), 'unknown'),
  environment: z.optional(identifier(100)),
  strategy: z.optional(z.enum(askable)),
  migrations: z._default(
    z.union([z.enum(['run', 'none']), ownManifest], {
      error: 'expected "run", "none" or {"manifest": "s3://bucket/key", "digest": "sha256:<64 hex digits>"}',
    }),
    'run',
  ),
  /**
   * Ids of migrations that may run although they would stop a deployment, because the live version does not use
   * what they change: how the later releases of a staged plan get through. Who asked and why is in the journal.
   */
  accept: z._default(z.array(identifier(200)).check(z.maxLength(100)), []),
  /** Alarms of the service that may be in ALARM already, and that do not decide in this deployment. */
  acceptAlarms: z.optional(alarmNamesSchema),
  /** Somebody has to agree, whatever the service's rules say; no request goes without where a rule asks for it. */
  approval: z.optional(z.literal('required')),
  dryRun: z._default(z.boolean(), false),
  validation: z.optional(z.enum(levels)),
  canaryPercent: z.optional(z.int().check(z.minimum(1), z.maximum(99))),
  linear: z.optional(z.partial(linearSchema)),
  bakeSeconds: z.optional(z.int().check(z.minimum(1), z.maximum(86_400))),
  thresholds: z.optional(z.partial(thresholdsSchema)),
  rollback: z.optional(z.partial(rollbackSchema)),
  deadlines: z.optional(z.partial(deadlinesSchema)),
  onBusy: z.optional(z.enum(busyAnswers)),
});
export type DeploymentRequest = z.infer<typeof requestSchema>;
