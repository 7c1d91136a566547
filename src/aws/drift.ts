import { againCommand } from '../domain/rollback/command';
import type { Settings } from '../domain/settings/settings';
import { serviceIn } from '../domain/settings/slots';
import { FUNCTION_TIMEOUT_SECONDS } from '../domain/time/limits';
import { type Drift, driftOf, type FoundSlots } from '../domain/traffic/drift';
import { RETIREMENT } from '../domain/traffic/retirement';
import { workerDrift } from '../domain/workers/drift';
import { workerName } from '../domain/workers/settings';
import type { Events, People } from './announcements';
import type { FleetScaler } from './fleet';
import type { Lock } from './lock';
import type { Live, RecordReader, RecordWriter, WorkerRecord, WorkersRecord } from './record';
import type { StandingReader } from './standing';
import type { WorkerReader } from './workers';

interface DriftPorts {
  lock: Lock;
  recordReader: RecordReader;
  recordWriter: RecordWriter;
  standingReader: StandingReader;
  fleetScaler: FleetScaler;
  workerRecord: WorkerRecord;
  workerReader: WorkerReader;
  stack: { name: string };
  events: Events;
  people: People;
}

const me = { holder: RETIREMENT, execution: 'drift', stamp: RETIREMENT };

/** What is recorded once a drift was found, and a wrong count put right. */
async function putRight(
  ports: DriftPorts,
  settings: Settings,
  record: Live,
  { found, remedy }: Drift,
  now: Date,
): Promise<Live> {
  if (remedy?.do === 'scale')
    await ports.fleetScaler.scale(settings.cluster, serviceIn(settings, remedy.slot), remedy.tasks);
  return {
    ...record,
    told: found || undefined,
    ...(remedy?.do === 'record' && { tasks: remedy.tasks }),
    // as the previous version is, once it need not be kept warm any longer
    ...(remedy?.do === 'stop' && { warmUntil: now.toISOString() }),
  };
}

/** Once more, while no deployment can begin: what was read before may have been one that was just beginning. */
async function underLock(
  { lock }: Pick<DriftPorts, 'lock'>,
  service: string,
  now: Date,
  look: () => Promise<string>,
): Promise<string> {
  const { acquired } = await lock.acquire(service, me, now, FUNCTION_TIMEOUT_SECONDS);
  if (!acquired) return '';
  try {
    return await look();
  } finally {
    await lock.release(service, me.holder, me.execution);
  }
}

const slotsAgain = (ports: DriftPorts, settings: Settings, now: Date): Promise<string> =>
  underLock(ports, settings.service, now, async () => {
    const { service } = settings;
    const record = await ports.recordReader.read(service);
    const [standing] = await ports.standingReader.of([settings]);
    if (!record || !standing) return '';
    const drift = driftOf(record, standing);
    const after = await putRight(ports, settings, record, drift, now);
    if (drift.found !== '' && drift.found !== record.told) {
      await ports.people.tell(`${service}: a slot is not as recorded`, drift.found);
      await ports.events.put('SlotsDiffer', { service, cause: drift.found });
    }
    await ports.recordWriter.write(service, after);
    return drift.found;
  });

async function compare(
  ports: DriftPorts,
  settings: Settings,
  standing: FoundSlots,
  now: Date,
): Promise<string> {
  const record = await ports.recordReader.read(settings.service);
  if (!record) return '';
  const { found, remedy } = driftOf(record, standing);
  // mostly there is nothing to do, and no deployment has to wait for that
  return !remedy && found === (record.told ?? '') ? found : slotsAgain(ports, settings, now);
}

/**
 * Compares the slots of services with what is recorded, puts a wrong count right, and tells people what is new. A deployment
 * that is at work keeps it away from its service, and one that starts at this moment waits for it.
 * @returns for each service what was found, in one sentence; empty where all is as recorded or nobody may look
 */
export async function keepAsRecorded(
  ports: DriftPorts,
  all: readonly Settings[],
  now: Date,
): Promise<PromiseSettledResult<string>[]> {
  const standings = await ports.standingReader.of(all).catch((error) => {
    if (all.length === 1) throw error;
    // one that cannot be read keeps nobody away from the others
    return undefined;
  });
  if (!standings) {
    const alone = await Promise.allSettled(all.map((settings) => keepAsRecorded(ports, [settings], now)));
    return alone.flatMap((one) => (one.status === 'fulfilled' ? one.value : [one]));
  }
  return Promise.allSettled(all.map((settings, index) => compare(ports, settings, standings[index]!, now)));
}

async function workersDrift(
  ports: DriftPorts,
  { service, cluster, workers }: Settings,
  { left }: WorkersRecord,
): Promise<string> {
  const standing = await Promise.all(
    workers
      .filter((worker) => left[workerName(worker)] !== undefined)
      .map(async (worker) => ({
        worker,
        runs: (await ports.workerReader.now(cluster, worker))?.taskDefinition,
      })),
  );
  return workerDrift(left, standing, { cluster, release: againCommand(service, ports.stack.name) });
}

/**
 * Compares the workers of a service with what deployments have left them to run, and tells people what is new. Nothing is put right:
 * what somebody means by another version nobody knows, and the next release moves it again.
 * @returns what was found, in one sentence; empty where all is as it was left or nobody may look
 */
export async function compareWorkers(ports: DriftPorts, settings: Settings, now: Date): Promise<string> {
  const { service, workers } = settings;
  const record = workers.length > 0 ? await ports.workerRecord.read(service) : undefined;
  if (!record) return '';
  const found = await workersDrift(ports, settings, record);
  if (found === (record.told ?? '')) return found;
  return underLock(ports, service, now, async () => {
    const recorded = await ports.workerRecord.read(service);
    if (!recorded) return '';
    const again = await workersDrift(ports, settings, recorded);
    if (again !== '' && again !== recorded.told) {
      await ports.people.tell(`${service}: a worker is not as recorded`, again);
      await ports.events.put('WorkersDiffer', { service, cause: again });
    }
    await ports.workerRecord.write(service, { ...recorded, told: again || undefined });
    return again;
  });
}
