import * as z from 'zod/mini';
import { attestationReader } from '../../src/aws/attestations';
import { runningImage } from '../../src/aws/fleet';
import { images } from '../../src/aws/images';
import { claims, ofEvent, ofPush } from '../../src/aws/journal';
import { settings as settingsStore } from '../../src/aws/settings';
import { weightsReader } from '../../src/aws/traffic';
import { attestationLocation, foreignManifest, planDeployment } from '../../src/domain/deployment/deployment';
import { infeasible } from '../../src/domain/deployment/feasibility';
import { type ImageReference, imageParts, repositoryName } from '../../src/domain/request/image-reference';
import { limitProblems } from '../../src/domain/request/limits';
import { pushedAlready, pushIsOver } from '../../src/domain/request/pushed';
import { LIVE, requestSchema } from '../../src/domain/request/request';
import { validateRequestResult } from '../../src/domain/results/prepare';
import type { Settings } from '../../src/domain/settings/settings';
import { serviceIn } from '../../src/domain/settings/slots';
import { readSettings } from '../../src/domain/settings/stored';
import type { Opened } from '../../src/domain/step/port';
import { shown } from '../../src/domain/text/printable';
import { problemsOf } from '../../src/domain/text/schema-problems';
import { nonEmpty } from '../../src/domain/text/schemas';
import { WINDOW_LIMIT_SECONDS } from '../../src/domain/time/limits';
import { describeWeights, solelyLive } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

const uses = { claims, settingsStore, images, attestationReader, weightsReader, runningImage };

const invalid = (problems: string[]) => ({
  valid: false,
  deployment: null,
  cause: `the request was rejected, nothing was changed: ${problems.join('; ')}`,
});

/** What ECR is asked for, or why it is not asked. */
async function referenceOf(
  image: string,
  settings: Settings,
  ports: Opened<typeof uses>,
): Promise<ImageReference | { problem: string }> {
  if (image === LIVE) return liveReference(settings, ports);
  const { repository } = settings;
  const { name, reference } = imageParts(image);
  const short = repositoryName(repository);
  if (name !== repository && name !== short)
    return {
      problem: `request.image: expected an image of the repository ${short}, received ${shown(image)}`,
    };
  return reference;
}

/** The image that serves, by the digest it had when its tasks were started. */
async function liveReference(
  settings: Settings,
  ports: Opened<typeof uses>,
): Promise<ImageReference | { problem: string }> {
  const { cluster, container } = settings;
  const rule = await ports.weightsReader.of(settings);
  const slot = 'strange' in rule ? undefined : solelyLive(rule.weights);
  const digest = slot && (await ports.runningImage.digest(cluster, serviceIn(settings, slot), container));
  if (digest) return { digest };
  const because = slot
    ? `no task of ${serviceIn(settings, slot)} runs`
    : 'strange' in rule
      ? rule.strange
      : `the weights are ${describeWeights(rule.weights)}`;
  return {
    problem: `request.image: nobody can tell which image serves, because ${because}; name one`,
  };
}

const tooFar = (notBefore: string | undefined, now: Date): string | undefined =>
  notBefore !== undefined && Date.parse(notBefore) > now.getTime() + WINDOW_LIMIT_SECONDS * 1000
    ? `request.notBefore: expected a time within four weeks, received ${shown(notBefore)}; ask for it later`
    : undefined;

export const validateRequest = defineStep({
  name: 'ValidateRequest',
  uses,
  input: z.object({
    request: z.optional(z.unknown()),
    /** The id of the event that it came with, and when the push was that it tells of; null where a person or a pipeline started the execution. */
    event: z.nullable(z.union([nonEmpty, z.object({ id: nonEmpty, pushedAt: z.iso.datetime() })])),
  }),
  output: validateRequestResult,
  async run({ request: received, event, deploymentId, execution, now }, ports) {
    const parsed = requestSchema.safeParse(received);
    if (!parsed.success) return invalid(problemsOf(parsed.error, received, 'request'));
    const request = parsed.data;

    const stored = await ports.settingsStore.read(request.service);
    if (stored === undefined)
      return invalid([
        `request.service: expected a service that this workflow deploys, received ${shown(request.service)}`,
      ]);
    const known = readSettings(stored, `settings of ${request.service}`);
    if ('problems' in known) return invalid(known.problems);
    const { settings } = known;
    if (request.environment !== undefined && request.environment !== settings.environment)
      return invalid([
        `request.environment: expected "${settings.environment}", where ${request.service} lives, received ${shown(request.environment)}`,
      ]);

    const started = { id: execution, name: deploymentId };
    // which image serves is nobody's question: on a bad day nobody could tell, and the database is looked at then
    if (request.only)
      return {
        valid: true,
        deployment: planDeployment(request, settings, started, settings.repository, false),
        cause: '',
      };

    const beyond = limitProblems(request, settings);
    if (beyond.length > 0) return invalid(beyond);
    const foreign = foreignManifest(request, settings);
    if (foreign) return invalid([foreign]);

    const far = tooFar(request.notBefore, now);
    if (far) return invalid([far]);

    const { repository, promotion, environment } = settings;
    // a tag may lead elsewhere by now, and nobody has agreed to that
    const waited = await ports.claims.claimed(deploymentId, 'awaited');
    const reference = waited
      ? imageParts(waited.image).reference
      : await referenceOf(request.image, settings, ports);
    if ('problem' in reference) return invalid([reference.problem]);
    const digest = await ports.images.digest(repositoryName(repository), reference);
    if (!digest)
      return invalid([
        `request.image: expected an image that is in ${repository}, received ${shown(request.image)}; push it first`,
      ]);

    const image = `${repository}@${digest}`;
    if (
      promotion &&
      // what serves here was let in before
      request.image !== LIVE &&
      !(await ports.attestationReader.exists(attestationLocation(settings, image, promotion.after)))
    )
      return invalid([
        `request.image: ${environment} takes only images that have succeeded in ${promotion.after}, and ${shown(request.image)} (${digest}) has not; deploy it there first`,
      ]);
    const deployment = planDeployment(request, settings, started, image, waited !== undefined);
    const problems = infeasible(deployment);
    if (problems.length > 0) return invalid(problems);
    // EventBridge delivers at least once, and each time under a new name
    const id = typeof event === 'object' ? event?.id : event;
    const first = id && (await ports.claims.claim(ofEvent(id), 'started', deploymentId));
    if (first && first !== deploymentId)
      return invalid([`event ${id} has started deployment ${first} already`]);
    // each tag of an image comes with an event of its own
    if (typeof event === 'object' && event && !waited) {
      const own = { deployment: deploymentId, at: event.pushedAt };
      const pushed = await ports.claims.claimAnew(ofPush(request.service, digest), 'pushed', own, (earlier) =>
        pushIsOver(earlier, event.pushedAt),
      );
      if (pushed.deployment !== deploymentId) return invalid([pushedAlready(digest, pushed)]);
    }
    return { valid: true, deployment, cause: '' };
  },
});
