import { SLOTS, type Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import { serviceIn } from '../domain/settings/slots';
import { keptBy } from '../domain/traffic/keepers';
import { type Minimum, minimumsOfStart, minimumsOfStop } from '../domain/traffic/minimums';
import type { Tasks } from '../domain/traffic/need';
import {
  type Drain,
  openStreams,
  openText,
  type StreamMetric,
  streamWindow,
  tasksLeft,
} from '../domain/traffic/streams';
import type { FleetReader, FleetScaler, FleetState } from './fleet';
import type { Metrics } from './metrics';
import type { TaskProtection } from './protection';
import type { BoundsReader, MinimumSetter } from './scaling';

/** Both slots as ECS has them now. */
export interface Slots {
  fleets: Record<Slot, FleetState | undefined>;
  /** A slot whose service is not there has no tasks. */
  tasks: Record<Slot, Tasks>;
}

export async function slotsOf(ports: { fleetReader: FleetReader }, settings: Settings): Promise<Slots> {
  const read = async (slot: Slot) =>
    settings.slots[slot] && ports.fleetReader.state(settings.cluster, serviceIn(settings, slot));
  const [a, b] = await Promise.all(SLOTS.map(read));
  const tasksOf = (fleet: FleetState | undefined) => fleet ?? { desired: 0, running: 0 };
  return { fleets: { a, b }, tasks: { a: tasksOf(a), b: tasksOf(b) } };
}

interface Scaling {
  boundsReader: BoundsReader;
  minimumSetter: MinimumSetter;
}

/** In their order: what one slot loses the other has already. */
async function setMinimums(ports: Scaling, settings: Settings, minimums: readonly Minimum[]): Promise<void> {
  for (const { slot, minimum } of minimums) await ports.minimumSetter.set(settings, slot, minimum);
}

/**
 * Gives a slot the service's minimum, once it was told to start.
 * @param kept the minimum as it was when the service was closed
 */
export async function keepRunning(
  ports: Scaling,
  settings: Settings,
  slot: Slot,
  kept: number | undefined,
): Promise<void> {
  await setMinimums(ports, settings, minimumsOfStart(await ports.boundsReader.of(settings), slot, kept));
}

/** Gives a slot no minimum: it has stopped, or is about to. The other one serves, unless the service is closed. */
export async function giveUpMinimum(
  ports: Scaling,
  settings: Settings,
  slot: Slot,
  { closed = false } = {},
): Promise<void> {
  await setMinimums(ports, settings, minimumsOfStop(await ports.boundsReader.of(settings), slot, closed));
}

/** Tells a slot to stop, and first of all what would start its tasks again. */
export async function stopSlot(
  ports: Scaling & { fleetScaler: FleetScaler },
  settings: Settings,
  slot: Slot,
  others: { closed?: boolean } = {},
): Promise<void> {
  await giveUpMinimum(ports, settings, slot, others);
  await ports.fleetScaler.scale(settings.cluster, serviceIn(settings, slot), 0);
}

async function openOn(
  { metrics }: { metrics: Metrics },
  metric: StreamMetric,
  slot: Slot,
  changedAt: number,
  now: number,
): Promise<number | undefined> {
  const window = streamWindow(metric, changedAt, now);
  return openStreams(metric, await metrics.series(metric, slot, window), window);
}

/** What is known of a slot that gets no requests any more. */
interface Silent {
  slot: Slot;
  desired: number;
  /** When the weights last changed, in ISO 8601. */
  changedAt: string;
  now: Date;
}

/**
 * Stops a slot that gets no requests any more: at once, or of a service with streams, while any is open on it or nobody knows,
 * one task after the other, so that their clients do not all come back to the other slot in one moment.
 * @param keep remembers how it began, and answers with the first that it was given
 * @returns what was done; `over` once all tasks are told to stop
 */
export async function endSlot(
  ports: Scaling & { fleetScaler: FleetScaler; metrics: Metrics },
  settings: Settings,
  { slot, desired, changedAt, now }: Silent,
  keep: (drain: Drain) => Promise<Drain>,
): Promise<{ over: boolean; because: string }> {
  const { streams, cluster } = settings;
  const service = serviceIn(settings, slot);
  const told = `${service} is told to stop`;
  const stop = async (because: string) => {
    await stopSlot(ports, settings, slot);
    return { over: true, because };
  };
  if (!streams) return stop(told);
  const { open: metric, drainSeconds } = streams;
  const open = metric ? await openOn(ports, metric, slot, Date.parse(changedAt), now.getTime()) : undefined;
  const said = openText(metric, open);
  if (metric && open !== undefined && open <= metric.none) return stop(`${told}: ${said}`);
  const drain = await keep({ at: now.toISOString(), tasks: desired });
  const left = tasksLeft(drain, desired, now, drainSeconds);
  if (left === 0) return stop(`${told} after ${drainSeconds} s: ${said}`);
  if (left < desired) {
    await giveUpMinimum(ports, settings, slot);
    await ports.fleetScaler.scale(cluster, service, left);
  }
  return { over: false, because: `${service} keeps ${left} of ${drain.tasks} tasks: ${said}` };
}

/** Which tasks of a slot run although it was told to stop, and what keeps them. */
export async function whatKeeps(
  ports: { boundsReader: BoundsReader; taskProtection: TaskProtection },
  settings: Settings,
  slot: Slot,
  { desired, running }: Tasks,
): Promise<string> {
  const service = serviceIn(settings, slot);
  const [bounds, protectedTasks] = await Promise.all([
    ports.boundsReader.of(settings),
    ports.taskProtection.of(settings.cluster, service),
  ]);
  return keptBy({ service, desired, running, protectedTasks, minimum: bounds[slot]?.minimum });
}
