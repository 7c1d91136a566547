import { otherSlot, type Slot } from '../settings/choices';
import { isClosed, type Weights, type WeightsRead, weightsDrift } from './weights';

/** What is recorded of a service between deployments, as far as its slots can differ from it. */
export interface RecordedSlots {
  slot: Slot;
  weights: Weights;
  intended?: Weights;
  tasks?: number;
  taskDefinition?: string;
  warmUntil?: string;
}

/** What the rule and the slots are in truth. */
export interface FoundSlots {
  rule: WeightsRead;
  /** By slot; undefined where there is no such service. */
  fleets: Record<Slot, { taskDefinition: string; desired: number } | undefined>;
  /** Of slots that Application Auto Scaling keeps within bounds: their count is its business. */
  bounds: Partial<Record<Slot, { minimum: number }>>;
}

export interface Drift {
  /** What is not as recorded, and what becomes of it; empty where all is. */
  found: string;
  /** What puts it right, where only a count is wrong. */
  remedy?:
    | { do: 'scale'; slot: Slot; tasks: number }
    | { do: 'record'; tasks: number }
    /** The idle slot, once it receives nothing. */
    | { do: 'stop' };
}

/**
 * What somebody else has changed between two deployments, an update of the user's own stack for example. Only a count is put
 * right: what other weights or another version are meant for nobody knows. Nothing is taken from users: more tasks than
 * recorded stay where there is weight.
 */
export function driftOf(recorded: RecordedSlots, { rule, fleets, bounds }: FoundSlots): Drift {
  const moved = weightsDrift(rule, recorded);
  if (moved !== undefined) return { found: moved };
  if (isClosed(recorded.weights)) return { found: '' };
  const { slot, tasks } = recorded;
  const live = fleets[slot];
  if (!live) return { found: `slot ${slot}, the live one, has no service` };
  const { taskDefinition, desired } = live;
  if (recorded.taskDefinition && recorded.taskDefinition !== taskDefinition)
    return {
      found: `slot ${slot} is told to run ${desired} tasks of ${taskDefinition} where ${recorded.taskDefinition} was recorded; set it back, or delete the record if the change is meant to stay`,
    };
  const least = bounds[slot] ? Math.max(1, bounds[slot].minimum) : (tasks ?? 1);
  if (desired < least)
    return {
      found: `slot ${slot} was told to run ${desired} tasks where ${least} were recorded, and is told to run ${least} again; a count that is meant to move belongs to a scalable target`,
      remedy: { do: 'scale', slot, tasks: least },
    };
  if (!bounds[slot] && tasks !== undefined && desired > tasks)
    return {
      found: `slot ${slot} is told to run ${desired} tasks where ${tasks} were recorded; nothing that serves is scaled down, so ${desired} are recorded now`,
      remedy: { do: 'record', tasks: desired },
    };
  const idle = otherSlot(slot);
  const left = fleets[idle]?.desired ?? 0;
  if (left > 0 && recorded.warmUntil === undefined)
    return {
      found: `slot ${idle} was told to run ${left} tasks although it has no users; it is stopped once it receives nothing`,
      remedy: { do: 'stop' },
    };
  return { found: '' };
}
