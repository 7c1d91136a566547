import * as z from 'zod/mini';
import { alarmNamesSchema } from '../evidence/own';
import { thresholdsSchema } from '../evidence/thresholds';
import { askable, busyAnswers } from '../settings/choices';
import { deadlinesSchema, linearSchema, rollbackSchema } from '../settings/policy';
import { identifier, serviceName, why, words } from '../text/schemas';
import { DAY_SECONDS } from '../time/limits';
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

/** S3's keys end at 1,024 bytes. */
const ownManifest = z.strictObject({
  manifest: z
    .pipe(identifier(1024), z.string().check(z.regex(/^s3:\/\/[^/]+\/.+$/, 'expected s3://bucket/key')))
    .check(
      z.describe(
        "The manifest of this release where it does not lie under the image's digest: `s3://bucket/key`.",
      ),
    ),
  digest: z
    .string()
    .check(
      z.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256:<64 hex digits>'),
      z.describe('Digest of its text: `sha256:<64 hex digits>`.'),
    ),
});

/**
 * What a deployment is asked to do. One schema for the console, the API, EventBridge and the command line;
 * what is left out comes from the service's settings.
 */
export const requestSchema = z.strictObject({
  service: serviceName.check(z.describe('A service of the workflow.')),
  image: image.check(
    z.describe(
      'An image of its repository, by tag or digest; deployed by the digest it has now. `live`: the image that serves, for a release of the task definition alone.',
    ),
  ),
  reason: why('why this is deployed, in a few words').check(z.describe('Why, for people and the journal.')),
  requestedBy: z._default(words(200, 'who wants it').check(z.describe('Who.')), 'unknown'),
  environment: z.optional(identifier(100).check(z.describe('Refused unless the service lives there.'))),
  strategy: z.optional(
    z
      .enum(askable)
      .check(
        z.describe("How traffic moves; of a pure worker `ROLLING` or `AUTO`. The service's by default."),
      ),
  ),
  migrations: z._default(
    z.union(
      [
        z.enum(['run', 'none']).check(z.describe("`run`: the manifest under the image's digest.")),
        ownManifest,
      ],
      {
        error:
          'expected "run", "none" or {"manifest": "s3://bucket/key", "digest": "sha256:<64 hex digits>"}',
      },
    ),
    'run',
  ),
  /** How the later releases of a staged plan get through. Who asked and why is in the journal. */
  accept: z._default(
    z
      .array(identifier(200))
      .check(
        z.maxLength(100),
        z.describe(
          'Ids of migrations that may run although they would stop a deployment, because the live version does not use what they change.',
        ),
      ),
    [],
  ),
  acceptAlarms: z.optional(
    alarmNamesSchema.check(
      z.describe(
        'Names of alarms of the service that may be in ALARM already, and that do not decide in this deployment.',
      ),
    ),
  ),
  approval: z.optional(
    z
      .literal('required')
      .check(
        z.describe(
          "Somebody has to agree, whatever the service's rules say; no request goes without where a rule asks for it.",
        ),
      ),
  ),
  notBefore: z.optional(
    z.iso
      .datetime({ offset: true, error: 'expected a time with its zone, such as 2026-12-01T22:00:00+01:00' })
      .check(z.describe('It waits until then, at most four weeks, and for a window from there.')),
  ),
  outsideWindow: z.optional(
    why('why this cannot wait for a deployment window').check(
      z.describe(
        'Why it may begin although no window is open, or in a freeze. Somebody has to agree, whatever the rules say.',
      ),
    ),
  ),
  expectedSeconds: z.optional(
    z
      .int()
      .check(
        z.positive(),
        z.maximum(DAY_SECONDS),
        z.describe(
          "How long users are expected to get the maintenance page, as `greenlight try` has measured it; people are told. As long as the service's last window by default.",
        ),
      ),
  ),
  dryRun: z._default(
    z
      .boolean()
      .check(
        z.describe(
          'End with the plan as the output, nothing changed; its `warnings` say what may end in a rollback.',
        ),
      ),
    false,
  ),
  only: z.optional(
    z
      .literal('validation')
      .check(
        z.describe(
          'Nothing is deployed: the database is validated, and the deployment ends as a dry run does. It takes no lock, and holds up nobody; `image` and all else that is about a release are not looked at.',
        ),
      ),
  ),
  validation: z.optional(
    z
      .enum(levels)
      .check(
        z.describe(
          "How much of the database is compared before and after its migrations. The service's by default.",
        ),
      ),
  ),
  canaryPercent: z.optional(
    z
      .int()
      .check(z.minimum(1), z.maximum(99), z.describe('Share of the users that `CANARY` gives green first.')),
  ),
  linear: z.optional(z.partial(linearSchema)),
  bakeSeconds: z.optional(
    z
      .int()
      .check(
        z.minimum(1),
        z.maximum(86_400),
        z.describe('How long a step of the shift is watched at least.'),
      ),
  ),
  thresholds: z.optional(z.partial(thresholdsSchema)),
  rollback: z.optional(z.partial(rollbackSchema)),
  deadlines: z.optional(z.partial(deadlinesSchema)),
  onBusy: z.optional(
    z
      .enum(busyAnswers)
      .check(
        z.describe(
          'What to do when another deployment is at work on the service: `reject`, `wait` for it, or `supersede` it while no user has seen its version.',
        ),
      ),
  ),
});
export type DeploymentRequest = z.infer<typeof requestSchema>;
