import type { Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import { countedFrom, type MayScaleDown, mayScaleDown } from '../domain/traffic/scale-down';
import type { Place } from '../domain/traffic/weights';
import type { Metrics } from './metrics';
import type { WeightsReader } from './traffic';

/** The proof that nobody reaches a slot any more, from the load balancer's rule and from what was counted lately. */
export interface Silence {
  /** What the rule gives a slot; infinite where it cannot be read as weights, so that nobody takes that for 0. */
  weightOf(slot: Slot): number;
  /**
   * May a slot be scaled down?
   * @param other the place whose requests show that requests are counted
   * @param since when the weights last changed, in ISO 8601
   */
  of(slot: Slot, other: Place, since: string): Promise<MayScaleDown>;
}

/** Looks at the rule once, and counts where it is asked to. */
export async function silence(
  ports: { weightsReader: WeightsReader; metrics: Metrics },
  settings: Settings,
  now: Date,
): Promise<Silence> {
  const { soakSeconds } = settings;
  const { periodSeconds } = settings.thresholds;
  const rule = await ports.weightsReader.of(settings);
  const from = new Date(countedFrom(now.getTime(), soakSeconds, periodSeconds));
  const weightOf = (slot: Slot) => ('weights' in rule ? rule.weights[slot] : Number.POSITIVE_INFINITY);
  return {
    weightOf,
    async of(slot, other, since) {
      const [own, others] = await Promise.all(
        [slot, other].map((place) => ports.metrics.requests(settings, place, from, now)),
      );
      return mayScaleDown({
        weight: weightOf(slot),
        changedAt: Date.parse(since),
        now: now.getTime(),
        soakSeconds,
        periodSeconds,
        requests: own!,
        otherRequests: others!,
      });
    },
  };
}
