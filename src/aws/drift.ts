import type { Settings } from '../domain/settings/settings';
import { FUNCTION_TIMEOUT_SECONDS } from '../domain/time/limits';
import { type Drift, driftOf } from '../domain/traffic/drift';
import { RETIREMENT } from '../domain/traffic/retirement';
import type { Events, People } from './announcements';
import type { FleetReader, FleetScaler } from './fleet';
import type { Lock } from './lock';
import type { DriftNotes, Live, RecordReader, RecordWriter } from './record';
import type { BoundsReader } from './scaling';
import { slotsOf } from './slots';
import type { WeightsReader } from './traffic';

export interface DriftPorts {
  lock: Lock;
  recordReader: RecordReader;
  recordWriter: RecordWriter;
  weightsReader: WeightsReader;
  fleetReader: FleetReader;
  fleetScaler: FleetScaler;
  boundsReader: BoundsReader;
  driftNotes: DriftNotes;
  events: Events;
  people: People;
}

const me = { holder: RETIREMENT, execution: 'drift', stamp: RETIREMENT };

async function look(
  ports: DriftPorts,
  settings: Settings,
): Promise<{ record: Live; drift: Drift } | undefined> {
  const record = await ports.recordReader.read(settings.service);
  if (!record) return undefined;
  const [rule, { fleets }, bounds] = await Promise.all([
    ports.weightsReader.of(settings.traffic.productionRule, settings),
    slotsOf(ports, settings),
    ports.boundsReader.of(settings),
  ]);
  return { record, drift: driftOf(record, { rule, fleets, bounds }) };
}

async function putRight(
  ports: DriftPorts,
  settings: Settings,
  { record, drift: { remedy } }: { record: Live; drift: Drift },
  now: Date,
): Promise<void> {
  const { cluster, slots, service } = settings;
  if (!remedy) return;
  if (remedy.do === 'scale') await ports.fleetScaler.scale(cluster, slots[remedy.slot].service, remedy.tasks);
  if (remedy.do === 'record') await ports.recordWriter.write(service, { ...record, tasks: remedy.tasks });
  // as the previous version is, once it need not be kept warm any longer
  if (remedy.do === 'stop')
    await ports.recordWriter.write(service, { ...record, warmUntil: now.toISOString() });
}

/**
 * Compares a service's slots with what is recorded, puts a wrong count right, and tells people what is new. A deployment that
 * is at work keeps it away, and one that starts at this moment waits for it.
 * @returns what was found, in one sentence; empty where all is as recorded or nobody may look
 */
export async function keepAsRecorded(ports: DriftPorts, settings: Settings, now: Date): Promise<string> {
  const { service } = settings;
  // mostly there is nothing to do, and no deployment has to wait for that
  const first = await look(ports, settings);
  if (!first) return '';
  const told = await ports.driftNotes.read(service);
  if (first.drift.found === '') {
    if (told !== '') await ports.driftNotes.write(service, '');
    return '';
  }
  const { acquired } = await ports.lock.acquire(service, me, now, FUNCTION_TIMEOUT_SECONDS);
  if (!acquired) return '';
  try {
    const again = await look(ports, settings);
    if (!again || again.drift.found === '') return '';
    const { found } = again.drift;
    await putRight(ports, settings, again, now);
    if (found !== told) {
      await ports.people.tell(`${service}: a slot is not as recorded`, found);
      await ports.events.put('SlotsDiffer', { service, cause: found });
      await ports.driftNotes.write(service, found);
    }
    return found;
  } finally {
    await ports.lock.release(service, me.holder, me.execution);
  }
}
