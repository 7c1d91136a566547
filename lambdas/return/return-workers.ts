import * as z from 'zod/mini';
import { stoppedTasks } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { workerRecord } from '../../src/aws/record';
import { taskStopper } from '../../src/aws/tasks';
import {
  lookAtWorker,
  type WorkerNow,
  workerMover,
  workerReader,
  workerSwitch,
  workerTasks,
} from '../../src/aws/workers';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { WorkerBefore } from '../../src/domain/deployment/claims';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { familyOf } from '../../src/domain/deployment/task-definition';
import { returnWorkersResult } from '../../src/domain/results/return';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { listed } from '../../src/domain/validation/check';
import { takenBack } from '../../src/domain/workers/drift';
import { rests, revisionName, type WorkerActivity } from '../../src/domain/workers/moves';
import { switchName, type Worker, workerName } from '../../src/domain/workers/settings';
import { defineStep } from '../../src/runtime/define-step';

const uses = {
  claims,
  workerRecord,
  workerReader,
  workerMover,
  workerSwitch,
  workerTasks,
  stoppedTasks,
  taskStopper,
};

export const returnWorkers = defineStep({
  name: 'ReturnWorkers',
  uses,
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, since: z.iso.datetime() }),
  output: returnWorkersResult,
  async run({ deployment, since, now }, ports) {
    const { workers, deadlines } = deployment.settings;
    // a rule starts with all of its targets, so each of them has to be what it was by then
    const back = await Promise.all(workers.map((worker) => giveBack(worker, deployment, ports)));
    const away = await Promise.all(back.map((one) => lookAt(one, deployment, { since, now }, ports)));
    const open = away.filter(Boolean).join('; ');
    const late = overdue(since, now, deadlines.rollbackSeconds);
    if (open === '') await record(deployment, back, ports);
    return {
      status: open === '' ? ('returned' as const) : late ? ('stuck' as const) : ('returning' as const),
      waitSeconds: nextPoll(since, now, deadlines.rollbackSeconds),
      cause: open === '' || !late ? open : `the workers are not back after ${late}: ${open}`,
    };
  },
});

interface Back {
  worker: Worker;
  stands?: WorkerNow;
  /** What it ran before; undefined where it was never changed. */
  before?: WorkerBefore;
  /** What it did before a window has stopped it. */
  stopped?: WorkerActivity;
}

/** Gives a worker back what it ran before the deployment. */
async function giveBack(
  worker: Worker,
  { id, settings: { cluster } }: Deployment,
  ports: Opened<typeof uses>,
): Promise<Back> {
  const [before, stopped] = await Promise.all([
    ports.claims.claimed(id, `worker#${workerName(worker)}`),
    ports.claims.claimed(id, `worker-stopped#${switchName(worker)}`),
  ]);
  if (!before && !stopped) return { worker };
  const stands = await ports.workerReader.now(cluster, worker);
  // asked for once: a second request would begin the replacement anew
  if (stands && before && stands.taskDefinition !== before.taskDefinition)
    await ports.workerMover.move(cluster, worker, before.taskDefinition);
  return { worker, stands, before, stopped };
}

/** What is left to do until a worker runs and does what it did before; empty once it does, or was never changed. */
async function lookAt(
  { worker, stands, before, stopped }: Back,
  { id, settings: { cluster, deadlines } }: Deployment,
  times: { since: string; now: Date },
  ports: Opened<typeof uses>,
): Promise<string> {
  const name = workerName(worker);
  if (!before && !stopped) return '';
  if (!stands) return `worker ${name} is not there`;
  if (stopped && rests(stopped, await ports.workerSwitch.activity(cluster, worker))) {
    await ports.workerSwitch.set(cluster, worker, stopped);
    return `worker ${name} starts again`;
  }
  if (worker.kind !== 'service') return ended(worker, { id, cluster }, ports);
  const { status, cause } = await lookAtWorker(ports, cluster, {
    worker,
    fleet: stands.fleet!,
    wanted: before ?? stands,
    limitSeconds: deadlines.rollbackSeconds,
    ...times,
  });
  return status === 'steady' ? '' : cause;
}

/** A release that is taken back has left its workers nothing. */
async function record(
  { id, settings: { service } }: Deployment,
  back: readonly Back[],
  ports: Opened<typeof uses>,
): Promise<void> {
  const recorded = await ports.workerRecord.read(service);
  if (!recorded) return;
  const workers = await Promise.all(
    back.map(async ({ worker, before }) => {
      const name = workerName(worker);
      const release = before && (await ports.claims.claimed(id, `worker-revision#${name}`));
      return { name, before: before?.taskDefinition ?? '', release: release?.taskDefinition };
    }),
  );
  await ports.workerRecord.write(service, { ...recorded, left: takenBack(recorded.left, workers) });
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
    : `${listed(left.map(({ task }) => revisionName(task)))} of ${revisionName(revision.taskDefinition)} is stopping`;
}
