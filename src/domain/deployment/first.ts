import type { Settings } from '../settings/settings';

interface Fleet {
  desired: number;
  running: number;
}

/**
 * Is nobody served yet? No slot has a task or is to have one, and no deployment has left any. A service that somebody has scaled
 * to zero has served, as its record tells.
 */
export const isFirst = (
  { traffic }: Pick<Settings, 'traffic'>,
  recorded: { tasks?: number } | undefined,
  fleets: readonly Fleet[],
): boolean =>
  traffic !== null &&
  (!recorded || recorded.tasks === 0) &&
  fleets.every(({ desired, running }) => desired === 0 && running === 0);

/** As nobody is served by a previous version, there is none to try and none to compare with, and no users to judge by. */
export const withoutUsers = (settings: Settings): Settings => ({
  ...settings,
  trial: null,
  thresholds: { ...settings.thresholds, minimumRequests: 0, latencyIncrease: null },
});
