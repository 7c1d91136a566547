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

export type Chosen = { strategy: Strategy; because: string } | { refused: string };

/**
 * `AUTO` takes the service's own strategy where the migrations break nobody, and a maintenance window where they do and
 * the service allows one. Any other strategy is taken as asked for, or refused with what the migrations allow.
 * @param plan what the migrations allow; null for a release without migrations
 */
export function chooseStrategy(
  requested: Strategy | 'AUTO',
  plan: Pick<MigrationPlan, 'strategies' | 'cause'> | null,
  settings: Pick<Settings, 'zeroDowntime' | 'limits' | 'environment'> & { maintenance: object | null },
): Chosen {
  const possible = settings.limits.strategies.filter(
    (strategy) => strategy !== 'MAINTENANCE' || settings.maintenance,
  );
  const allowed = possible.filter((strategy) => !plan || plan.strategies.includes(strategy));
  if (requested === 'AUTO') {
    const chosen = [settings.zeroDowntime, 'MAINTENANCE' as const].find((strategy) =>
      allowed.includes(strategy),
    );
    if (!chosen) return { refused: refusal('no strategy', allowed, plan) };
    return {
      strategy: chosen,
      because:
        chosen === 'MAINTENANCE'
          ? 'the migrations break the live version, so nobody may be served meanwhile'
          : 'the migrations break nobody',
    };
  }
  if (!settings.limits.strategies.includes(requested))
    return {
      refused: `request.strategy: ${settings.environment} allows ${settings.limits.strategies.join(', ')}, received ${requested}; nothing was changed`,
    };
  if (!possible.includes(requested))
    return {
      refused: `request.strategy: ${requested} needs a maintenance page in the service's settings; nothing was changed`,
    };
  if (!allowed.includes(requested)) return { refused: refusal(requested, allowed, plan) };
  return { strategy: requested, because: 'asked for' };
}

function refusal(requested: string, allowed: Strategy[], plan: Pick<MigrationPlan, 'cause'> | null): string {
  const refused = `the migrations allow ${requested === 'no strategy' ? requested : `no ${requested}`}: ${plan?.cause ?? ''}`;
  return allowed.length > 0 ? followedBy(refused, `possible is ${allowed.join(', ')}`) : refused;
}
