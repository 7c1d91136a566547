import * as z from 'zod/mini';
import { readerFinder } from '../../src/aws/databases';
import { fleetReader } from '../../src/aws/fleet';
import { type Claims, claims } from '../../src/aws/journal';
import { metrics } from '../../src/aws/metrics';
import type { Reader } from '../../src/aws/rds';
import { recordWriter } from '../../src/aws/record';
import { settings as settingsStore, windowsNow } from '../../src/aws/settings';
import { snapshotReader, snapshotTaker } from '../../src/aws/snapshots';
import { tasksInPlace } from '../../src/aws/tasks-in-place';
import { weightsReader } from '../../src/aws/traffic';
import { workerReader, workerTasks } from '../../src/aws/workers';
import { CONTRACT_CHECKS, remains } from '../../src/domain/database/contract-phase';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { contractSnapshotName } from '../../src/domain/deployment/names';
import { greenSchema, liveSchema } from '../../src/domain/deployment/variables';
import { loadParser } from '../../src/domain/migrations/parser';
import { callsOf, dumpedNow, stillUsed, wordsOf } from '../../src/domain/migrations/usage';
import { prepareContractResult } from '../../src/domain/results/contract';
import { databaseIn } from '../../src/domain/settings/database';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import { serviceIn } from '../../src/domain/settings/slots';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { allOn } from '../../src/domain/traffic/weights';
import { closedNow } from '../../src/domain/windows/may-begin';
import { familiesOf, type WorkerTrace, workerRemains } from '../../src/domain/workers/moves';
import { workerName } from '../../src/domain/workers/settings';
import { readable } from '../../src/postgres/readable';
import { sessions } from '../../src/postgres/sessions';
import { type Usage, usage } from '../../src/postgres/usage';
import { validation } from '../../src/postgres/validation';
import { defineStep } from '../../src/runtime/define-step';

const uses = {
  claims,
  weightsReader,
  fleetReader,
  tasksInPlace,
  metrics,
  readerFinder,
  sessions,
  usage,
  validation,
  workerReader,
  workerTasks,
  settingsStore,
  recordWriter,
  snapshotTaker,
  snapshotReader,
};

/** Programs that are no version of the service: nobody retires them, and nothing of them is in the load balancer's counts. */
async function stillUsedBy(
  { id, settings }: Pick<Deployment, 'id' | 'settings'>,
  since: string,
  readers: Reader[],
  ports: { claims: Claims; usage: Usage },
): Promise<{ used?: string; dumped?: string }> {
  const before = await ports.claims.claimed(id, 'usage-before');
  if (!before) return {};
  await loadParser();
  const { removals } = before;
  const now = readable(
    await ports.usage.of(readerOf(settings), rolesIn(settings), wordsOf(removals), since, readers),
  );
  const gone =
    (await ports.claims.claimed(id, 'usage-gone')) ??
    (await ports.claims.claim(id, 'usage-gone', callsOf(now, removals)));
  return { used: stillUsed(now, before, gone), dumped: dumpedNow(now, removals) };
}

export const prepareContract = defineStep({
  name: 'PrepareContract',
  uses,
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    green: greenSchema,
    plan: z.object({ contract: z.array(z.string()) }),
    since: z.iso.datetime(),
  }),
  output: prepareContractResult,
  async run({ deployment, live, green, plan, since, now }, ports) {
    const { settings, id } = deployment;
    const service = serviceIn(settings, live.slot);
    const inPlace = green.slot === live.slot;
    const { contractSeconds, snapshotSeconds } = settings.deadlines;
    const result = (status: 'ready' | 'waiting' | 'left', cause: string) => ({
      status,
      waitSeconds: nextPoll(since, now, contractSeconds),
      contract: status === 'ready' ? { pending: plan.contract, snapshot } : null,
      cause,
    });
    const waiting = (cause: string, limitSeconds: number) => {
      const late = overdue(since, now, limitSeconds);
      return late ? result('left', `${cause} after ${late}`) : result('waiting', cause);
    };
    const windows = await windowsNow(ports.settingsStore, settings);
    const late = closedNow({ deployment, windows, now });
    if (late) return result('left', late);
    const snapshot = contractSnapshotName(id, databaseIn(settings));
    const database = databaseIn(settings, live.database);

    const firstLook = (await ports.claims.claimed(id, 'first-look')) ?? 'now';
    // looked at on every poll: also in the very call that lets the migrations go
    const soakStart = new Date(now.getTime() - settings.soakSeconds * 1000);
    // who works on a reader is to be seen there alone
    const readers = await ports.readerFinder.of(database);
    const [rule, fleet, replaced, counted, open, workers] = await Promise.all([
      ports.weightsReader.of(settings),
      ports.fleetReader.state(settings.cluster, service),
      ports.tasksInPlace.ofOthers(settings, live.slot, green.taskDefinition),
      ports.metrics.requests(settings, live.slot, soakStart, now),
      ports.sessions.olderThan(readerOf(settings), rolesIn(settings), firstLook, readers),
      workersLeft(deployment, green.taskDefinition, ports),
    ]);
    const problem = remains({
      rule,
      wanted: allOn(green.slot),
      service: inPlace ? `the previous version of ${service}` : service,
      fleet: inPlace ? { desired: 0, running: replaced } : fleet,
      requests: counted.reduce((sum, { requests }) => sum + requests, 0),
      soakSeconds: settings.soakSeconds,
      workers,
      sessions: open,
    });
    if (problem) return waiting(problem, contractSeconds);
    const { used, dumped } = await stillUsedBy(deployment, firstLook, readers, ports);
    if (used) return result('left', used);
    if (dumped) return waiting(dumped, contractSeconds);

    // from here on no deployment may go back to blue, whatever becomes of this one
    await ports.recordWriter.write(settings.service, {
      slot: green.slot,
      weights: allOn(green.slot),
      taskDefinition: green.taskDefinition,
      image: deployment.image,
    });
    if (!(await ports.claims.claimed(id, 'contract-snapshot'))) {
      const busy = await ports.snapshotTaker.take(snapshot, database, id);
      if (busy) return waiting(busy, contractSeconds + snapshotSeconds);
      await ports.claims.claim(id, 'contract-snapshot', snapshot);
      return waiting(`snapshot ${snapshot} is begun`, contractSeconds + snapshotSeconds);
    }
    const { status, progress, detail } = await ports.snapshotReader.state(snapshot, database);
    if (status === 'failed') return result('left', detail);
    if (status !== 'available')
      return waiting(`${detail} (${progress} %)`, contractSeconds + snapshotSeconds);

    const look = await ports.validation.observe(readerOf(settings), {
      roles: rolesIn(settings),
      checks: CONTRACT_CHECKS,
      history: settings.migrations,
    });
    await ports.claims.claim(id, 'contract-before', readable(look));
    return result('ready', '');
  },
});

/** What is left of the previous version beside the slots. */
async function workersLeft(
  { id, settings: { cluster, workers } }: Deployment,
  green: string,
  ports: Opened<Pick<typeof uses, 'claims' | 'workerReader' | 'workerTasks'>>,
): Promise<string[]> {
  const traces = await Promise.all(
    workers.map(async (worker): Promise<WorkerTrace> => {
      const name = workerName(worker);
      const [before, revision, stands] = await Promise.all([
        ports.claims.claimed(id, `worker#${name}`),
        ports.claims.claimed(id, `worker-revision#${name}`),
        ports.workerReader.now(cluster, worker),
      ]);
      const moved = revision?.taskDefinition ?? '';
      const tasks = await Promise.all(
        familiesOf(before?.taskDefinition, moved).map((family) =>
          ports.workerTasks.running(cluster, { family }),
        ),
      );
      return { name, moved, stands: stands?.taskDefinition, tasks: tasks.flat() };
    }),
  );
  return workerRemains(traces, [green, ...traces.map(({ moved }) => moved)]);
}
