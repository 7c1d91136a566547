import * as z from 'zod/mini';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { metrics } from '../../src/aws/metrics';
import { taskProtection } from '../../src/aws/protection';
import { boundsReader, minimumSetter } from '../../src/aws/scaling';
import { silence } from '../../src/aws/silence';
import { stopSlot, whatKeeps } from '../../src/aws/slots';
import { weightsReader } from '../../src/aws/traffic';
import { workerReader, workerSwitch, workerTasks } from '../../src/aws/workers';
import { judgeWriters } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { familyOf } from '../../src/domain/deployment/task-definition';
import { stopWritersResult } from '../../src/domain/results/close';
import { readerOf } from '../../src/domain/settings/roles';
import { serviceIn, slotsIn } from '../../src/domain/settings/slots';
import type { Opened } from '../../src/domain/step/port';
import { nextShortPoll, overdue } from '../../src/domain/time/deadline';
import { listed } from '../../src/domain/validation/check';
import { revisionName, type WorkerActivity, type WorkerTask } from '../../src/domain/workers/moves';
import { switchName, type Worker, workerName } from '../../src/domain/workers/settings';
import { readable } from '../../src/postgres/readable';
import { sessions } from '../../src/postgres/sessions';
import { defineStep } from '../../src/runtime/define-step';

const uses = {
  weightsReader,
  metrics,
  fleetReader,
  fleetScaler,
  boundsReader,
  minimumSetter,
  taskProtection,
  sessions,
  claims,
  workerReader,
  workerSwitch,
  workerTasks,
};

export const stopWriters = defineStep({
  name: 'StopWriters',
  uses,
  fence: 'forward',
  input: z.object({ deployment: checkedDeployment, closedAt: z.iso.datetime() }),
  output: stopWritersResult,
  async run({ deployment, closedAt, now }, ports) {
    const { settings } = deployment;
    const { cluster } = settings;
    const late = overdue(closedAt, now, settings.maintenance?.closeSeconds ?? 0);
    const proof = await silence(ports, settings, now);
    const kept: string[] = [];
    let tasks = 0;
    // the other slot as well: it may still stand by for a rollback of the deployment before
    for (const slot of slotsIn(settings)) {
      const service = serviceIn(settings, slot);
      const fleet = await ports.fleetReader.state(cluster, service);
      tasks += fleet?.running ?? 0;
      if (late && fleet && fleet.running > 0) kept.push(await whatKeeps(ports, settings, slot, fleet));
      if (!fleet || fleet.desired === 0) continue;
      const decision = await proof.of(slot, 'page', closedAt);
      if (decision.yes) await stopSlot(ports, settings, slot, { closed: true });
      else kept.push(`${service} keeps running: ${decision.because}`);
    }

    const left = await Promise.all(settings.workers.map((worker) => stopWorker(worker, deployment, ports)));
    for (const { worker, running } of left) {
      tasks += running.length;
      if (late && running.length > 0)
        kept.push(`${listed(running.map(({ task }) => revisionName(task)))} of worker ${worker} still runs`);
    }

    const idle = kept.length === 0 && tasks === 0;
    const look = idle ? readable(await ports.sessions.clients(readerOf(settings))) : { sessions: {} };
    return {
      ...judgeWriters({ kept, tasks: late ? 0 : tasks, sessions: look.sessions, late }),
      workers: left.map(({ worker, desired }) => ({ worker, desired })),
      waitSeconds: nextShortPoll(closedAt, now),
    };
  },
});

/**
 * Stops what works beside the slots: a service, what a rule starts and what a schedule starts. What has been started ends by itself.
 * @returns what it did before, and its tasks that still run
 */
async function stopWorker(
  worker: Worker,
  { id, settings: { cluster } }: Deployment,
  ports: Opened<typeof uses>,
): Promise<WorkerActivity & { worker: string; running: WorkerTask[] }> {
  const name = workerName(worker);
  const [stands, activity] = await Promise.all([
    ports.workerReader.now(cluster, worker),
    ports.workerSwitch.activity(cluster, worker),
  ]);
  if (!stands || !activity) return { worker: name, desired: 0, running: [] };
  const { desired } = await ports.claims.claim(id, `worker-stopped#${switchName(worker)}`, activity);
  if (activity.desired > 0) await ports.workerSwitch.set(cluster, worker, { desired: 0 });
  const running = await ports.workerTasks.running(
    cluster,
    worker.kind === 'service' ? { serviceName: worker.service } : { family: familyOf(stands.taskDefinition) },
  );
  return { worker: name, desired, running };
}
