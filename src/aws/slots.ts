import { SLOTS, type Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import type { Tasks } from '../domain/traffic/need';
import type { FleetReader, FleetState } from './fleet';

/** Both slots as ECS has them now. */
export interface Slots {
  fleets: Record<Slot, FleetState | undefined>;
  /** A slot whose service is not there has no tasks. */
  tasks: Record<Slot, Tasks>;
}

export async function slotsOf(ports: { fleetReader: FleetReader }, settings: Settings): Promise<Slots> {
  const read = (slot: Slot) => ports.fleetReader.state(settings.cluster, settings.slots[slot].service);
  const [a, b] = await Promise.all(SLOTS.map(read));
  const tasksOf = (fleet: FleetState | undefined) => fleet ?? { desired: 0, running: 0 };
  return { fleets: { a, b }, tasks: { a: tasksOf(a), b: tasksOf(b) } };
}
