import * as z from 'zod/mini';
import { type DeploymentRequest, LIVE } from '../request/request';
import { askable } from '../settings/choices';
import { hasSeeds } from '../settings/seeds-schema';
import { type Settings, settingsSchema } from '../settings/settings';
import { shown } from '../text/printable';
import { arn, nonEmpty } from '../text/schemas';
import { mayWait } from '../windows/opening';

/** One deployment, as it travels through the graph in the variable `$deployment`. */
export const deploymentSchema = z.object({
  /** The name of the execution that began it: unique for 90 days, and what every effect is marked with. */
  id: nonEmpty,
  /** The execution that drives it now. */
  execution: arn,
  /** The release, by digest. */
  image: nonEmpty,
  /** What the request called it, for people. */
  requestedImage: z.string(),
  /** The request asked for the image that served then: only the task definition is new. */
  sameImage: z.optional(z.literal(true)),
  /** As asked for until `ChooseStrategy` has settled it; never `AUTO` after that. */
  strategy: z.enum(askable),
  /** The steps of the shift, the last at 100 percent; none until the strategy is settled. */
  steps: z.array(
    z.object({
      percent: z.int().check(z.minimum(1), z.maximum(100)),
      bakeSeconds: z.number().check(z.positive()),
    }),
  ),
  /** Where the release's manifest is and, if the request said so, its digest; null for a release without migrations. */
  manifest: z.nullable(z.object({ location: z.string(), digest: z.optional(z.string()) })),
  /** It brings reference data. */
  seeds: z._default(z.boolean(), false),
  /** Migrations that the request accepts. */
  accept: z.array(z.string()),
  /** Alarms that the request accepts. */
  acceptAlarms: z._default(z.array(z.string()), []),
  /** The request asks for an approval. */
  approvalRequired: z.boolean(),
  /** When it may begin; null: as soon as a window is open. Absent in rows of before there were any. */
  notBefore: z._default(z.nullable(z.string()), null),
  /** Why it may begin outside of windows; null where it may not. */
  outsideWindow: z._default(z.nullable(z.string()), null),
  /** How long users are expected to get the maintenance page, as the request says; null where it says nothing. */
  expectedSeconds: z._default(z.nullable(z.int()), null),
  /** A window, a time or an announcement could hold it. */
  mayWait: z._default(z.boolean(), false),
  /** It has waited without its lock, and is prepared once more. */
  waited: z._default(z.boolean(), false),
  /** End after the plan. */
  dryRun: z.boolean(),
  /** Nothing but the database is looked at; its `image` is the repository, and it is a dry run. */
  only: z._default(z.nullable(z.literal('validation')), null),
  requestedBy: z.string(),
  reason: z.string(),
  /** The request's overrides are already applied. */
  settings: settingsSchema,
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** The request, completed from the service's settings. */
export function planDeployment(
  request: DeploymentRequest,
  settings: Settings,
  execution: { id: string; name: string },
  image: string,
  waited = false,
): Deployment {
  const merged: Settings = {
    ...settings,
    validation: request.validation ?? settings.validation,
    canaryPercent: request.canaryPercent ?? settings.canaryPercent,
    linear: { ...settings.linear, ...request.linear },
    bakeSeconds: request.bakeSeconds ?? settings.bakeSeconds,
    thresholds: { ...settings.thresholds, ...request.thresholds },
    rollback: { ...settings.rollback, ...request.rollback },
    deadlines: { ...settings.deadlines, ...request.deadlines },
    onBusy: request.onBusy ?? settings.onBusy,
  };
  const sameImage = request.image === LIVE;
  return {
    id: execution.name,
    execution: execution.id,
    image,
    requestedImage: request.only ? 'the database' : sameImage ? 'the newest task definition' : request.image,
    ...(sameImage && { sameImage }),
    // an environment's own strategy is about how users are moved
    strategy: request.strategy ?? (settings.traffic ? settings.strategy : 'AUTO'),
    steps: [],
    // those of the image that serves ran when it was released
    manifest:
      request.only || (sameImage && request.migrations === 'run')
        ? null
        : manifestOf(request.migrations, merged, image),
    // as the migrations of the image that serves, its data are there
    seeds: hasSeeds(merged) && !sameImage && !request.only,
    accept: request.accept,
    acceptAlarms: request.acceptAlarms ?? [],
    approvalRequired: request.approval === 'required',
    notBefore: request.notBefore ?? null,
    outsideWindow: request.outsideWindow ?? null,
    expectedSeconds: request.expectedSeconds ?? null,
    mayWait: mayWait(merged.windows, request.notBefore),
    waited,
    dryRun: request.dryRun || request.only !== undefined,
    only: request.only ?? null,
    requestedBy: request.requestedBy,
    reason: request.reason,
    settings: merged,
  };
}

/** A release's manifest lies under the digest of its image. */
export const manifestLocation = ({ migrations }: Settings, image: string) =>
  `${migrations.manifests}/${image.slice(image.indexOf('sha256:') + 'sha256:'.length)}.json`;

/** Says, beside the manifest, that the image has succeeded in an environment. */
export const attestationLocation = (settings: Settings, image: string, environment: string) =>
  manifestLocation(settings, image).replace(/json$/, `${environment}.json`);

/**
 * Why a request's manifest is none of the service's: it is below another place than where `greenlight bundle --s3` puts
 * them, in another bucket perhaps, or behind a path that some client would resolve to one. Undefined when it is.
 */
export function foreignManifest(
  { migrations }: Pick<DeploymentRequest, 'migrations'>,
  { service, migrations: { manifests } }: Pick<Settings, 'service' | 'migrations'>,
): string | undefined {
  if (typeof migrations === 'string') return undefined;
  const { manifest } = migrations;
  const below = manifest.startsWith(`${manifests}/`) ? manifest.slice(manifests.length + 1).split('/') : [''];
  if (below.every((segment) => !['', '.', '..'].includes(segment))) return undefined;
  return `request.migrations.manifest: expected a manifest below ${manifests}/, where those of ${service} are, received ${shown(manifest)}; write it with npx greenlight bundle --s3 ${manifests}/<image digest>.json`;
}

function manifestOf(migrations: DeploymentRequest['migrations'], settings: Settings, image: string) {
  if (migrations === 'none') return null;
  return migrations === 'run'
    ? { location: manifestLocation(settings, image) }
    : { location: migrations.manifest, digest: migrations.digest };
}
