import type { MigrationPlan } from '../migrations/plan';
import type { Strategy } from '../settings/choices';
import type { Settings } from '../settings/settings';
import { followedBy } from '../text/sentence';

/** A step of the shift: green's share of the traffic in percent, and how long it is watched at least. */
export interface TrafficStep {
  percent: number;
  bakeSeconds: number;
}

/**
 * The shares of the traffic that green gets, one after the other; the last is 100. Words and meaning as Amazon ECS uses
 * them. Source: Amazon ECS API Reference, DeploymentConfiguration, CanaryConfiguration and LinearConfiguration.
 */
export function stepsOf(
  strategy: Strategy,
  { canaryPercent, linear, bakeSeconds }: Pick<Settings, 'canaryPercent' | 'linear' | 'bakeSeconds'>,
): TrafficStep[] {
  const last = { percent: 100, bakeSeconds };
  if (strategy === 'CANARY') return [{ percent: canaryPercent, bakeSeconds }, last];
  if (strategy !== 'LINEAR') return [last];
  const shares = Math.ceil(100 / linear.percent) - 1;
  return [
    ...Array.from({ length: shares }, (_, index) => ({
      percent: (index + 1) * linear.percent,
      bakeSeconds: linear.seconds,
    })),
    last,
  ];
}

type Possible = Pick<Settings, 'service' | 'zeroDowntime' | 'traffic'> & { maintenance: object | null };

/** What `AUTO` takes where the migrations break nobody. */
export const usualStrategy = ({ traffic, zeroDowntime }: Pick<Settings, 'traffic' | 'zeroDowntime'>) =>
  traffic ? zeroDowntime : ('ROLLING' as const);

/** Whether tasks are to be replaced in place, unless the migrations call for something else. */
export const inPlace = (asked: {
  strategy: Strategy | 'AUTO';
  settings: Pick<Settings, 'traffic' | 'zeroDowntime'>;
}): boolean => (asked.strategy === 'AUTO' ? usualStrategy(asked.settings) : asked.strategy) === 'ROLLING';

/** Why a service cannot go live in this way at all; undefined where it can. A pure worker has one slot and no users to move. */
function impossible(strategy: Strategy, { service, traffic, maintenance }: Possible): string | undefined {
  if (!traffic)
    return strategy === 'ROLLING'
      ? undefined
      : `${service} has no load balancer, so its tasks are replaced in place: expected ROLLING or AUTO, received ${strategy}`;
  return strategy === 'MAINTENANCE' && !maintenance
    ? `${strategy} needs a maintenance page in the service's settings`
    : undefined;
}

export type Chosen = { strategy: Strategy; because: string } | { refused: string };

/**
 * `AUTO` takes the service's own strategy where the migrations allow it, and a maintenance window where they break the live
 * version and the service allows one. Any other strategy is taken as asked for, or refused with what the migrations allow.
 * @param plan what the migrations allow; null for a release without migrations
 */
export function chooseStrategy(
  requested: Strategy | 'AUTO',
  plan: Pick<MigrationPlan, 'strategies' | 'cause'> | null,
  settings: Possible & Pick<Settings, 'limits' | 'environment'>,
): Chosen {
  const possible = settings.limits.strategies.filter((strategy) => !impossible(strategy, settings));
  const allowed = possible.filter((strategy) => !plan || plan.strategies.includes(strategy));
  if (requested === 'AUTO') {
    const usual = usualStrategy(settings);
    if (allowed.includes(usual))
      return {
        strategy: usual,
        because: settings.traffic
          ? 'the migrations break nobody'
          : 'without a load balancer its tasks are replaced in place',
      };
    // nobody closes a service by itself whose users could be moved in another way
    const breaks = plan?.strategies.every((strategy) => strategy === 'MAINTENANCE') === true;
    if (allowed.includes('MAINTENANCE') && (breaks || !possible.includes(usual)))
      return {
        strategy: 'MAINTENANCE',
        because: breaks
          ? 'the migrations break the live version, so nobody may be served meanwhile'
          : `${settings.environment} allows no ${usual}`,
      };
    return { refused: refusal(breaks || !plan ? 'no strategy' : usual, allowed, plan) };
  }
  if (!settings.limits.strategies.includes(requested))
    return {
      refused: `request.strategy: ${settings.environment} allows ${settings.limits.strategies.join(', ')}, received ${requested}; nothing was changed`,
    };
  const never = impossible(requested, settings);
  if (never) return { refused: `request.strategy: ${never}; nothing was changed` };
  if (!allowed.includes(requested)) return { refused: refusal(requested, allowed, plan) };
  return { strategy: requested, because: 'asked for' };
}

function refusal(requested: string, allowed: Strategy[], plan: Pick<MigrationPlan, 'cause'> | null): string {
  const refused = `the migrations allow ${requested === 'no strategy' ? requested : `no ${requested}`}: ${plan?.cause ?? ''}`;
  return allowed.length > 0 ? followedBy(refused, `possible is ${allowed.join(', ')}`) : refused;
}
