import type { Settings } from '../settings/settings';

/**
 * What the verdict about a pure worker will rest on, and what it cannot find; undefined of a service with users, whose requests
 * tell most.
 */
export function basisOf({
  traffic,
  evidence,
}: Pick<Settings, 'traffic' | 'evidence'>): { says: string; warning?: string } | undefined {
  if (traffic) return undefined;
  const own = [
    ...evidence.alarms.map((name) => `alarm ${name}`),
    ...evidence.metrics.map(({ namespace, metric }) => `metric ${namespace}/${metric}`),
  ];
  return {
    says: `the verdict rests on ${['its tasks', 'the database', ...own].join(', ')}`,
    ...(own.length === 0 && {
      warning:
        'neither alarms nor metrics are configured, so a version that stays up and does its work wrong, or none, is not found; name in evidence.alarms or evidence.metrics what tells, such as the age of the oldest message',
    }),
  };
}
