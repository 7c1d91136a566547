import { SLOTS, type Slot } from './settings';

/** The weights of the production rule, by slot. */
export type Weights = Record<Slot, number>;

export const allOn = (slot: Slot): Weights => ({ a: slot === 'a' ? 100 : 0, b: slot === 'b' ? 100 : 0 });

/** Green's share in percent, the rest stays on blue. */
export function share(green: Slot, percent: number): Weights {
  return { a: green === 'a' ? percent : 100 - percent, b: green === 'b' ? percent : 100 - percent };
}

export const sameWeights = (one: Weights, other: Weights) => SLOTS.every((slot) => one[slot] === other[slot]);

export const describeWeights = (weights: Weights) => `a ${weights.a} / b ${weights.b}`;

/** The slot that has all the traffic; undefined while it is split, when nobody can tell blue from green. */
export function solelyLive(weights: Weights): Slot | undefined {
  const serving = SLOTS.filter((slot) => weights[slot] > 0);
  return serving.length === 1 ? serving[0] : undefined;
}
