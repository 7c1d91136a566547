import { SLOTS, type Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import { serviceIn } from '../domain/settings/slots';
import { keptBy } from '../domain/traffic/keepers';
import { type Minimum, minimumsOfStart, minimumsOfStop } from '../domain/traffic/minimums';
import type { Tasks } from '../domain/traffic/need';
import type { FleetReader, FleetScaler, FleetState } from './fleet';
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
