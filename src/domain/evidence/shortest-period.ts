import type { Settings } from '../settings/settings';

/** The shortest period that evidence comes in, in seconds: a look that is sooner than that after another sees nothing new. */
export const shortestPeriod = ({ thresholds, evidence }: Pick<Settings, 'thresholds' | 'evidence'>): number =>
  Math.min(thresholds.periodSeconds, ...evidence.metrics.map(({ periodSeconds }) => periodSeconds));
