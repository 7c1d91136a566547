import { otherSlot, SLOTS, type Slot } from '../settings/choices';

/** Within these Application Auto Scaling keeps a slot's number of tasks. */
export interface Bounds {
  minimum: number;
  maximum: number;
}
/** By slot; absent where nobody scales it. */
export type SlotBounds = Partial<Record<Slot, Bounds>>;

/** What a slot's minimum has to become. */
export interface Minimum {
  slot: Slot;
  minimum: number;
}

/**
 * The minimum that the service's owner has set: the slot that serves has it, and the other one may have been given none.
 * @param kept what it was when the service was closed, where none has it
 */
export const ownersMinimum = (bounds: SlotBounds, kept = 0): number =>
  Math.max(kept, ...SLOTS.map((slot) => bounds[slot]?.minimum ?? 0));

const raised = (bounds: SlotBounds, slot: Slot, minimum: number): Minimum[] => {
  const own = bounds[slot];
  if (!own) return [];
  const most = Math.min(minimum, own.maximum);
  return own.minimum < most ? [{ slot, minimum: most }] : [];
};

/** A slot that was started gets the owner's minimum. Raised only now: of a slot without tasks it would start some. */
export const minimumsOfStart = (bounds: SlotBounds, slot: Slot, kept?: number): Minimum[] =>
  raised(bounds, slot, ownersMinimum(bounds, kept));

/**
 * A slot that is about to be stopped has none, because a policy would start its tasks again. What it had goes first to the
 * other one, which serves; one that is not scaled could not keep it. While the service is closed nobody has it.
 */
export function minimumsOfStop(bounds: SlotBounds, slot: Slot, closed: boolean): Minimum[] {
  const [own, other] = [bounds[slot], bounds[otherSlot(slot)]];
  if (!own || !(other || closed)) return [];
  return [
    ...(closed ? [] : raised(bounds, otherSlot(slot), ownersMinimum(bounds))),
    ...(own.minimum > 0 ? [{ slot, minimum: 0 }] : []),
  ];
}
