import { otherSlot, SLOTS, type Slot } from './choices';
import type { Settings } from './settings';

type Placed = Pick<Settings, 'slots'>;

/** The slots of a service: two behind a load balancer, and of a pure worker only `a`, whose tasks are replaced in place. */
export const slotsIn = ({ slots }: Placed): Slot[] => SLOTS.filter((slot) => slots[slot]);

/** The slot beside this one; undefined where a service has no second one. */
export function slotBeside(settings: Placed, slot: Slot): Slot | undefined {
  const other = otherSlot(slot);
  return settings.slots[other] && other;
}

/** Name of the Amazon ECS service of a slot. */
export function serviceIn({ slots }: Placed, slot: Slot): string {
  const place = slots[slot];
  if (!place) throw new Error(`the service has no slot ${slot}`);
  return place.service;
}

/** What a version does that has no other beside it, as the end of a sentence. */
export const aloneIn = ({ traffic }: Pick<Settings, 'traffic'>) =>
  traffic ? 'serves all traffic' : 'is the only one that runs';
