import * as z from 'zod';
import {
  askable,
  busyAnswers,
  deadlinesSchema,
  linearSchema,
  rollbackSchema,
  thresholdsSchema,
} from './settings';
import { levels } from './validation';

const image = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._/-]*(:[0-9]+\/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$/,
    'expected an image with a tag or a digest, such as shop:v2 or shop@sha256:<64 hex digits>',
  );

/**
 * What a deployment is asked to do. One schema for the console, the API, EventBridge and the command line;
 * what is left out comes from the service's settings.
 */
export const requestSchema = z.strictObject({
  service: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/, 'expected letters, digits and hyphens, at most 63'),
  image,
  reason: z.string().min(1, 'expected why this is deployed, in a few words').max(500),
  requestedBy: z.string().min(1).max(200).default('unknown'),
  environment: z.string().optional(),
  strategy: z.enum(askable).optional(),
  migrations: z
    .union([
      z.enum(['run', 'none']),
      z.strictObject({
        /** The manifest of this release: `s3://bucket/key`. */
        manifest: z.string().regex(/^s3:\/\/[^/]+\/.+$/, 'expected s3://bucket/key'),
        digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256:<64 hex digits>'),
      }),
    ])
    .default('run'),
  /**
   * Ids of migrations that may run although they would stop a deployment, because the version that serves does not use
   * what they change: how the later releases of a staged plan get through. Who asked and why is in the journal.
   */
  accept: z.array(z.string().min(1).max(200)).max(100).default([]),
  /** Somebody has to agree, whatever the service's rules say; no request goes without where a rule asks for it. */
  approval: z.literal('required').optional(),
  dryRun: z.boolean().default(false),
  validation: z.enum(levels).optional(),
  canaryPercent: z.number().int().min(1).max(99).optional(),
  linear: linearSchema.partial().optional(),
  bakeSeconds: z.number().int().min(1).max(86_400).optional(),
  thresholds: thresholdsSchema.partial().optional(),
  rollback: rollbackSchema.partial().optional(),
  deadlines: deadlinesSchema.partial().optional(),
  onBusy: z.enum(busyAnswers).optional(),
});
export type DeploymentRequest = z.infer<typeof requestSchema>;

/** Every problem of an invalid value, one line each: where it is, what was received, what was expected. */
export function problemsOf(error: z.ZodError, value: unknown, root: string): string[] {
  return error.issues.map((issue) => {
    const path = [root, ...issue.path.map(String)].join('.');
    if (issue.code === 'unrecognized_keys')
      return `${path}: unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}; remove it or check the spelling`;
    const received = issue.path.reduce<unknown>(
      (at, key) =>
        at === null || typeof at !== 'object' ? undefined : (at as Record<PropertyKey, unknown>)[key],
      value,
    );
    const expected = issue.message.replace(/^Invalid \w+: /, '').replace(/, received \w+$/, '');
    return `${path}: ${expected}, received ${brief(received)}`;
  });
}

/** Long or foreign values are cut: the message goes into histories and logs. */
function brief(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
