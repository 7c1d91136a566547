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

/** What the rule says, or why it cannot be read as weights of the two slots. */
export type WeightsRead = { weights: Weights } | { strange: string };

/**
 * Why the rule does not say what the workflow left behind; undefined when it does. Nothing in the API compares and
 * swaps, so a change by somebody else is shown and never overwritten. `intended` is what a writer was about to set
 * when it was interrupted.
 */
export function stray(
  rule: WeightsRead,
  recorded: { weights: Weights; intended?: Weights },
): string | undefined {
  if ('strange' in rule) return rule.strange;
  const known = [recorded.weights, recorded.intended];
  if (known.some((weights) => weights && sameWeights(weights, rule.weights))) return undefined;
  return `the production rule's weights are ${describeWeights(rule.weights)} where ${describeWeights(recorded.weights)} was recorded; somebody else changed them`;
}

/** Why the rule does not say what was just set; undefined when it does. */
export function notSet(after: WeightsRead, wanted: Weights): string | undefined {
  if (!('strange' in after) && sameWeights(after.weights, wanted)) return undefined;
  const reads = 'strange' in after ? after.strange : describeWeights(after.weights);
  return `the production rule reads ${reads} after ${describeWeights(wanted)} was set`;
}
