import type { Slot } from '../settings/choices';
import { rulesIn } from '../settings/rules';
import type { Settings } from '../settings/settings';
import { serviceIn } from '../settings/slots';
import {
  describeWeights,
  isClosed,
  sameWeights,
  solelyLive,
  type Weights,
  type WeightsRead,
} from './weights';

/**
 * The slot that has all the traffic, as the workflow has recorded it; or why nobody may deploy beside what the production rule
 * says.
 * @param recorded what the workflow left behind; undefined before the first deployment
 */
export function strangeRule(
  settings: Pick<Settings, 'traffic'>,
  rule: WeightsRead,
  recorded: { slot: Slot; weights: Weights } | undefined,
): { slot: Slot; weights: Weights } | { strange: string } {
  const rules = rulesIn(settings).join(', ');
  if ('strange' in rule) return { strange: `${rule.strange} (${rules})` };
  const { weights, boundSeconds } = rule;
  if (boundSeconds !== undefined)
    return {
      strange: `the production rule binds users to a target group for ${boundSeconds} s, and weights do not move those; turn target group stickiness off on ${rules} (stickiness within a target group may stay)`,
    };
  if (recorded && !sameWeights(recorded.weights, weights))
    return {
      strange: `the production rule's weights are ${describeWeights(weights)} where ${describeWeights(recorded.weights)} was recorded; somebody changed ${rules}: set it back, or delete the record if the change is meant to stay`,
    };
  if (isClosed(weights))
    return {
      strange:
        'the service is closed: its maintenance page has all the traffic; open it on the version that fits the database first',
    };
  const slot = recorded?.slot ?? solelyLive(weights);
  if (!slot || solelyLive(weights) !== slot)
    return {
      strange: `the production rule splits traffic (${describeWeights(weights)}), so blue cannot be told from green; give one slot all the weight first`,
    };
  return { slot, weights };
}

/** Why there is no version to return to, or another one than the workflow left; empty where all is well. */
export function keptWithout({
  settings: { slots, traffic },
  slot,
  blue,
  healthy,
  recorded,
  first,
}: {
  settings: Pick<Settings, 'slots' | 'traffic'>;
  slot: Slot;
  blue: { taskDefinition: string; desired: number };
  healthy: number;
  recorded: { taskDefinition?: string } | undefined;
  /** Nobody is served yet. */
  first: boolean;
}): string[] {
  const service = serviceIn({ slots }, slot);
  return [
    ...(recorded?.taskDefinition && recorded.taskDefinition !== blue.taskDefinition
      ? [
          `slot ${slot} runs ${blue.taskDefinition} where ${recorded.taskDefinition} was recorded; somebody changed ${service}: set it back, or delete the record if the change is meant to stay`,
        ]
      : []),
    ...(!first && (blue.desired === 0 || healthy === 0)
      ? [
          `blue (${service}) has ${healthy} healthy of ${blue.desired} wanted ${traffic ? 'targets' : 'tasks'}; a deployment needs a healthy version to return to`,
        ]
      : []),
  ];
}
