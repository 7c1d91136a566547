import { SLOTS, type Slot } from '../settings/choices';

/** The weights of the production rule: of the slots and, where the service has one, of its maintenance page. */
export type Weights = Record<Slot, number> & { page?: number };

/** Where requests can go. */
export const PLACES = [...SLOTS, 'page'] as const;
export type Place = (typeof PLACES)[number];

export const allOn = (slot: Slot): Weights => ({ a: slot === 'a' ? 100 : 0, b: slot === 'b' ? 100 : 0 });

/** Nobody is served: everybody gets the maintenance page. */
export const closed: Weights = { a: 0, b: 0, page: 100 };

/** Green's share in percent, the rest stays on blue. */
export function share(green: Slot, percent: number): Weights {
  return { a: green === 'a' ? percent : 100 - percent, b: green === 'b' ? percent : 100 - percent };
}

export const sameWeights = (one: Weights, other: Weights) =>
  PLACES.every((place) => (one[place] ?? 0) === (other[place] ?? 0));

export const isClosed = (weights: Weights) => sameWeights(weights, closed);

export const describeWeights = ({ a, b, page }: Weights) =>
  [`a ${a}`, `b ${b}`, ...(page ? [`maintenance page ${page}`] : [])].join(' / ');

/** The slot that has all the traffic; undefined while it is split, when nobody can tell blue from green. */
export function solelyLive(weights: Weights): Slot | undefined {
  const serving = PLACES.filter((place) => (weights[place] ?? 0) > 0);
  return serving.length === 1 && serving[0] !== 'page' ? serving[0] : undefined;
}

/**
 * What the rule says, and for how long it binds a user to a target group, whose weight then means nothing to that user; or why it
 * cannot be read as weights of the places that it knows.
 */
export type WeightsRead = { weights: Weights; boundSeconds?: number } | { strange: string };

/** One of the rules by which users come. */
export interface RuleRead {
  /** ARN; empty of a pure worker, which has none. */
  rule: string;
  says: WeightsRead;
}

const named = (rules: RuleRead[], rule: string, text: string) =>
  rules.length > 1 ? `${text} (${rule})` : text;

/** What all rules say, as they always do unless somebody has changed one of them. */
export function saidByAll(rules: RuleRead[]): WeightsRead {
  let all: Exclude<WeightsRead, { strange: string }> | undefined;
  for (const { rule, says } of rules) {
    if ('strange' in says) return { strange: named(rules, rule, says.strange) };
    if (!all) all = says;
    else if (!sameWeights(all.weights, says.weights))
      return {
        strange: `the production rules differ: ${rules.map((one) => `${one.rule} says ${'weights' in one.says ? describeWeights(one.says.weights) : one.says.strange}`).join(', ')}`,
      };
    else if (says.boundSeconds !== undefined) all = says;
  }
  return all ?? { strange: 'there is no production rule' };
}

/** Why one of the rules does not say what the workflow left behind; undefined when each does, be they half-way through a change. */
export function driftOfAny(
  rules: RuleRead[],
  recorded: { weights: Weights; intended?: Weights },
  wanted?: Weights,
): string | undefined {
  for (const { rule, says } of rules) {
    const drift = weightsDrift(says, recorded, wanted);
    if (drift !== undefined) return named(rules, rule, drift);
  }
  return undefined;
}

/**
 * Why the rule does not say what the workflow left behind; undefined when it does. Nothing in the API compares and
 * swaps, so a change by somebody else is shown and never overwritten. `intended` is what a writer was about to set
 * when it was interrupted, `wanted` what the one that asks is about to set: it may have been interrupted after that.
 */
export function weightsDrift(
  rule: WeightsRead,
  recorded: { weights: Weights; intended?: Weights },
  wanted?: Weights,
): string | undefined {
  if ('strange' in rule) return rule.strange;
  const known = [recorded.weights, recorded.intended, wanted];
  if (known.some((weights) => weights && sameWeights(weights, rule.weights))) return undefined;
  return `the production rule's weights are ${describeWeights(rule.weights)} where ${describeWeights(recorded.weights)} was recorded; somebody else changed them`;
}

/** Why a rule does not say what was just set; undefined when it does. */
export function weightsNotApplied(
  after: WeightsRead,
  wanted: Weights,
  rule: 'production' | 'test' = 'production',
): string | undefined {
  if (!('strange' in after) && sameWeights(after.weights, wanted)) return undefined;
  const reads = 'strange' in after ? `otherwise (${after.strange})` : describeWeights(after.weights);
  return `the ${rule} rule reads ${reads} after ${describeWeights(wanted)} was set`;
}
