import * as z from 'zod/mini';
import { stoppedTasks } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { taskStopper } from '../../src/aws/tasks';
import { lookAtWorker, workerMover, workerReader, workerSwitch, workerTasks } from '../../src/aws/workers';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { familyOf } from '../../src/domain/deployment/task-definition';
import { returnWorkersResult } from '../../src/domain/results/revert';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { rests, revisionName } from '../../src/domain/workers/moves';
import { switchName, type Worker, workerName } from '../../src/domain/workers/settings';
import { defineStep } from '../../src/runtime/define-step';

const uses = { claims, workerReader, workerMover, workerSwitch, workerTasks, stoppedTasks, taskStopper };

export const returnWorkers = defineStep({
  name: 'ReturnWorkers',
  uses,
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, since: z.iso.datetime() }),
  output: returnWorkersResult,
  async run({ deployment, since, now }, ports) {
    const { workers, deadlines } = deployment.settings;
    const away = await Promise.all(
      workers.map((worker) => returned(worker, deployment, { since, now }, ports)),
    );
    const open = away.filter(Boolean).join('; ');
    const late = overdue(since, now, deadlines.rollbackSeconds);
    return {
      status: open === '' ? ('returned' as const) : late ? ('stuck' as const) : ('returning' as const),
      waitSeconds: nextPoll(since, now, deadlines.rollbackSeconds),
      cause: open === '' || !late ? open : `the workers are not back after ${late}: ${open}`,
    };
  },
});

/** Gives a worker back what it ran and did before the deployment; empty once it does, or was never changed. */
async function returned(
  worker: Worker,
  { id, settings: { cluster, deadlines } }: Deployment,
  times: { since: string; now: Date },
  ports: Opened<typeof uses>,
): Promise<string> {
  const name = workerName(worker);
  const [before, stopped] = await Promise.all([
    ports.claims.claimed(id, `worker#${name}`),
    ports.claims.claimed(id, `worker-stopped#${switchName(worker)}`),
  ]);
  if (!before && !stopped) return '';
  const stands = await ports.workerReader.now(cluster, worker);
  if (!stands) return `worker ${name} is not there`;
  const wanted = before ?? { taskDefinition: stands.taskDefinition };
  // asked for once: a second request would begin the replacement anew
  if (stands.taskDefinition !== wanted.taskDefinition)
    await ports.workerMover.move(cluster, worker, wanted.taskDefinition);
  if (stopped && rests(stopped, await ports.workerSwitch.activity(cluster, worker))) {
    await ports.workerSwitch.set(cluster, worker, stopped);
    return `worker ${name} starts again`;
  }
  if (worker.kind !== 'service') return ended(worker, { id, cluster }, ports);
  const { status, cause } = await lookAtWorker(ports, cluster, {
    worker,
    fleet: stands.fleet!,
    wanted,
    limitSeconds: deadlines.rollbackSeconds,
    ...times,
  });
  return status === 'steady' ? '' : cause;
}

/** Stops what a rule or a schedule has started of the release: it would go on with what is about to be taken back. */
async function ended(
  worker: Worker,
  { id, cluster }: { id: string; cluster: string },
  ports: Opened<typeof uses>,
): Promise<string> {
  const revision = await ports.claims.claimed(id, `worker-revision#${workerName(worker)}`);
  if (!revision) return '';
  const family = familyOf(revision.taskDefinition);
  const left = (await ports.workerTasks.running(cluster, { family })).filter(
    ({ taskDefinition }) => taskDefinition === revision.taskDefinition,
  );
  for (const { task } of left.filter(({ stopping }) => !stopping))
    await ports.taskStopper.stop(cluster, task, `deployment ${id} is rolled back`);
  return left.length === 0
    ? ''
    : `${left.map(({ task }) => revisionName(task)).join(', ')} of ${revisionName(revision.taskDefinition)} is stopping`;
}
