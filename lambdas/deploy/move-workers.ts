import * as z from 'zod/mini';
import { releaseWriter, stoppedTasks, taskDefinitionReader } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { revisionOf } from '../../src/aws/revisions';
import {
  lookAtWorker,
  type WorkerNow,
  workerMover,
  workerReader,
  workerSwitch,
  workerTasks,
} from '../../src/aws/workers';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { familyOf, hasRevision } from '../../src/domain/deployment/task-definition';
import { moveWorkersResult } from '../../src/domain/results/deploy';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll } from '../../src/domain/time/deadline';
import { dueWorkers, judgeTarget, rests } from '../../src/domain/workers/moves';
import { MOVES, switchName, type Worker, workerName } from '../../src/domain/workers/settings';
import { defineStep } from '../../src/runtime/define-step';

const uses = {
  claims,
  workerReader,
  workerMover,
  workerSwitch,
  workerTasks,
  stoppedTasks,
  taskDefinitionReader,
  releaseWriter,
};

export const moveWorkers = defineStep({
  name: 'MoveWorkers',
  uses,
  fence: 'forward',
  input: z.object({ deployment: checkedDeployment, moves: z.enum(MOVES) }),
  output: moveWorkersResult,
  async run({ deployment, moves, now }, ports) {
    const told = await Promise.all(
      dueWorkers(deployment, moves).map((worker) => tell(worker, deployment, ports)),
    );
    // a rule starts with all of its targets, so each of them has to be the release by then
    await Promise.all(told.map((one) => start(one, deployment, ports)));
    const looks = await Promise.all(told.map((one) => look(one, deployment, now, ports)));
    const of = (status: 'failed' | 'moving') => looks.filter((look) => look.status === status);
    const [status, open] =
      of('failed').length > 0
        ? (['failed', of('failed')] as const)
        : of('moving').length > 0
          ? (['moving', of('moving')] as const)
          : (['moved', []] as const);
    const began = looks.map(({ since }) => since).sort()[0] ?? now.toISOString();
    return {
      status,
      moves,
      workers: looks.map(({ worker, taskDefinition }) => ({ worker, taskDefinition })),
      waitSeconds: nextPoll(began, now, deployment.settings.deadlines.greenSeconds),
      cause: open.map(({ cause }) => cause).join('; '),
    };
  },
});

interface Told {
  worker: Worker;
  name: string;
  /** As it stood before it was told now. */
  stands?: WorkerNow;
  /** What it has to run. */
  taskDefinition: string;
  /** When it was told by an earlier call; undefined where it was told just now. */
  since?: string;
}

/** Tells a worker to run the release, unless it was told before. */
async function tell(worker: Worker, deployment: Deployment, ports: Opened<typeof uses>): Promise<Told> {
  const { id, settings } = deployment;
  const name = workerName(worker);
  const stands = await ports.workerReader.now(settings.cluster, worker);
  if (!stands) return { worker, name, taskDefinition: '' };
  await ports.claims.claim(id, `worker#${name}`, {
    taskDefinition: await revisionNow(stands.taskDefinition, ports),
  });
  const { taskDefinition } = await revisionOf(ports, deployment, `worker-revision#${name}`, {
    from: worker.taskDefinition ?? familyOf(stands.taskDefinition),
    container: worker.container,
  });
  // told once: a version that ECS has given up since would begin anew
  const since = await ports.claims.claimed(id, `worker-told#${name}`);
  if (since === undefined) await ports.workerMover.move(settings.cluster, worker, taskDefinition);
  return { worker, name, stands, taskDefinition, since };
}

/** Starts a worker again that a window has stopped. */
async function start(
  { worker, stands, since }: Told,
  { id, settings: { cluster } }: Deployment,
  ports: Opened<typeof uses>,
): Promise<void> {
  if (!stands || since !== undefined) return;
  const stopped = await ports.claims.claimed(id, `worker-stopped#${switchName(worker)}`);
  if (stopped && rests(stopped, await ports.workerSwitch.activity(cluster, worker)))
    await ports.workerSwitch.set(cluster, worker, stopped);
}

/** What comes of a worker that was told. */
async function look(
  { worker, name, stands, taskDefinition, since: told }: Told,
  { id, settings: { cluster, deadlines } }: Deployment,
  now: Date,
  ports: Opened<typeof uses>,
) {
  if (!stands)
    return {
      worker: name,
      taskDefinition,
      since: now.toISOString(),
      status: 'failed' as const,
      cause: `worker ${name} is not there; take it out of the service's settings, or create it`,
    };
  const since = told ?? (await ports.claims.claim(id, `worker-told#${name}`, now.toISOString()));
  const looked =
    worker.kind === 'service'
      ? await lookAtWorker(ports, cluster, {
          worker,
          fleet: stands.fleet!,
          wanted: { taskDefinition },
          since,
          now,
          limitSeconds: deadlines.greenSeconds,
        })
      : judgeTarget(name, taskDefinition, told === undefined ? taskDefinition : stands.taskDefinition);
  return { worker: name, taskDefinition, since, ...looked };
}

/** A family without a revision means the newest at any time, which is not what it will be once there is a newer one. */
async function revisionNow(taskDefinition: string, ports: Opened<typeof uses>): Promise<string> {
  return hasRevision(taskDefinition)
    ? taskDefinition
    : (await ports.taskDefinitionReader.describe(taskDefinition)).taskDefinitionArn;
}
