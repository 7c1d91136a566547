import * as z from 'zod/mini';
import { executionReader, executionStopper } from '../../src/aws/executions';
import { fleetReader, taskDefinitionReader } from '../../src/aws/fleet';
import { images } from '../../src/aws/images';
import { claims, journalReader } from '../../src/aws/journal';
import { type Live, recordReader } from '../../src/aws/record';
import { slotsOf } from '../../src/aws/slots';
import { stack } from '../../src/aws/stack';
import { lockReader, takeover } from '../../src/aws/takeover';
import { weightsReader } from '../../src/aws/traffic';
import { imageIn } from '../../src/domain/deployment/task-definition';
import {
  entryOf,
  mayResume,
  noVariables,
  type Progress,
  progressOf,
} from '../../src/domain/recovery/progress';
import { imageParts, repositoryName } from '../../src/domain/request/image-reference';
import { resumeSchema } from '../../src/domain/request/resume';
import { recoverDeploymentResult } from '../../src/domain/results/prepare';
import { InvalidInput } from '../../src/domain/step/errors';
import type { Opened } from '../../src/domain/step/port';
import { shown } from '../../src/domain/text/printable';
import { problemsOf } from '../../src/domain/text/schema-problems';
import { LEASE_SECONDS } from '../../src/domain/time/limits';
import { tasksForAll } from '../../src/domain/traffic/need';
import { defineStep } from '../../src/runtime/define-step';

const uses = {
  claims,
  journalReader,
  lockReader,
  recordReader,
  executionReader,
  executionStopper,
  takeover,
  fleetReader,
  weightsReader,
  taskDefinitionReader,
  images,
  stack,
};

const refused = (cause: string) => ({
  entry: 'refused' as const,
  deployment: null,
  lock: null,
  ...noVariables,
  cause: `${cause}; nothing was changed`,
});

/** Why blue cannot be started again; undefined while it runs all the tasks it needs, or when its image is still there. */
async function gone(
  { deployment: { settings }, variables: { live } }: Progress,
  record: Live | undefined,
  ports: Opened<typeof uses>,
) {
  const { container, repository } = settings;
  if (!live) return 'the journal does not say which version served before';
  if (live.first)
    return 'nobody was served before it, so there is no previous version to return to; deploy another one';
  const [{ fleets, tasks }, rule] = await Promise.all([
    slotsOf(ports, settings),
    ports.weightsReader.of(settings),
  ]);
  const blue = fleets[live.slot];
  const runs = blue?.taskDefinition === live.taskDefinition ? blue.running : 0;
  if ('weights' in rule && runs >= tasksForAll(tasks, rule.weights, record?.tasks)) return undefined;
  const image =
    live.image ?? imageIn(await ports.taskDefinitionReader.describe(live.taskDefinition), container);
  const digest = await ports.images.digest(repositoryName(repository), imageParts(image).reference);
  return digest
    ? undefined
    : `the image of the previous version, ${image}, is no longer in ${repository}; push it again or deploy another version`;
}

async function readJournal(deploymentId: string, ports: Opened<typeof uses>) {
  const rows = await ports.journalReader.rows(deploymentId);
  try {
    return progressOf(rows);
  } catch (error) {
    // it does not pass by itself, so nobody has to wait until the last try
    if (error instanceof InvalidInput) return { unreadable: error.message };
    throw error;
  }
}

export const recoverDeployment = defineStep({
  name: 'RecoverDeployment',
  uses,
  input: z.object({ resume: z.unknown() }),
  output: recoverDeploymentResult,
  async run({ resume: received, execution, now }, ports) {
    const parsed = resumeSchema.safeParse(received);
    if (!parsed.success) return refused(problemsOf(parsed.error, received, 'request').join('; '));
    const { resume, deploymentId, requestedBy, reason } = parsed.data;
    const known = await readJournal(deploymentId, ports);
    if (known && 'unreadable' in known) return refused(known.unreadable);
    if (!known)
      return refused(`request.deploymentId: the journal knows no deployment ${shown(deploymentId)}`);

    const { service } = known.deployment.settings;
    const held = await ports.lockReader.read(service);
    const record = await ports.recordReader.read(service);
    const mine = held?.holder === deploymentId && held.execution === execution;
    const drives = known.waits ? known.deployment.execution : held?.execution;
    const driver = drives && !mine ? await ports.executionReader.state(drives) : 'over';
    const allowed = mayResume(known, {
      resume,
      now,
      held: held && { ...held, stuck: held.stuck && !mine },
      driverRuns: driver === 'running',
      stack: ports.stack.name,
      released: record?.deployment
        ? { deployment: record.deployment, at: record.releasedAt ?? now.toISOString() }
        : undefined,
    });
    if (!allowed.yes) return refused(`deployment ${deploymentId} cannot be resumed: ${allowed.because}`);
    const since = `${reason} (${requestedBy}, after ${known.last})`;
    if (known.waits) {
      if ((await ports.claims.claim(deploymentId, 'wait-ended', execution)) !== execution)
        return refused(`another execution ends the wait of deployment ${deploymentId}`);
      await ports.executionStopper.stop(known.deployment.execution, `taken over by ${execution}: ${reason}`);
      const deployment = { ...known.deployment, execution };
      const { variables } = known;
      return { entry: 'release' as const, deployment, lock: null, ...variables, cause: since };
    }
    const missing = entryOf(known, resume) === 'restart' ? await gone(known, record, ports) : undefined;
    if (missing) return refused(missing);

    const lock = await ports.takeover.take(service, deploymentId, execution, held, {
      now,
      seconds: LEASE_SECONDS,
    });
    if (!lock)
      return refused(`deployment ${deploymentId} was resumed by another execution at the same moment`);
    if (held && driver === 'running')
      await ports.executionStopper.stop(held.execution, `taken over by ${execution}: ${reason}`);
    // read again: until its number was taken away, the driver may have gone on
    const progress = progressOf(await ports.journalReader.rows(deploymentId)) ?? known;
    return {
      entry: entryOf(progress, resume),
      deployment: { ...progress.deployment, execution },
      lock,
      ...progress.variables,
      cause: `${reason} (${requestedBy}, after ${progress.last})`,
    };
  },
});
