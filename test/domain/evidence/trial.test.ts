import { judgeTrial, withoutTrial } from '../../../src/domain/evidence/trial';
import type { Settings } from '../../../src/domain/settings/settings';

const trial = { healthCheck: null, steadySeconds: 40 };
const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 12, 0, second));
const running = {
  status: 'running' as const,
  runsSince: at(10).toISOString(),
  health: 'UNKNOWN' as const,
  detail: 'task is RUNNING',
};
type Task = Parameters<typeof judgeTrial>[0];

const judged = (change: Partial<Task>, { checked = true, second = 60 } = {}) =>
  judgeTrial(
    { ...running, ...change },
    { startedAt: at(0).toISOString(), checked },
    { steadySeconds: 40, readySeconds: 90 },
    at(second),
  );

it.each<[string, Partial<Task>, Parameters<typeof judged>[1], string, string]>([
  ['believes a health check', { health: 'HEALTHY' }, {}, 'healthy', 'a task of it became healthy'],
  ['waits for a health check', {}, {}, 'undecided', 'task is RUNNING'],
  ['believes its failure', { health: 'UNHEALTHY' }, {}, 'unhealthy', 'its task fails its health check'],
  [
    'waits until a task without a check has run for long enough',
    {},
    { checked: false, second: 49 },
    'undecided',
    'task is RUNNING',
  ],
  ['and no longer', {}, { checked: false, second: 50 }, 'healthy', 'has no health check, has run for 40 s'],
  [
    'also hears the check of a container beside it',
    { health: 'UNHEALTHY' },
    { checked: false, second: 50 },
    'unhealthy',
    'fails its health check',
  ],
  [
    'takes no end for a good one, not even exit code 0',
    { status: 'stopped', health: 'HEALTHY', detail: 'EssentialContainerExited: … (shop exit code 0)' },
    {},
    'unhealthy',
    'its task has ended, EssentialContainerExited: … (shop exit code 0)',
  ],
  [
    'waits for a task that ECS does not show yet',
    { status: 'missing', runsSince: null },
    {},
    'undecided',
    '',
  ],
  ['does not wait for ever', {}, { second: 91 }, 'unhealthy', 'its task is not healthy after 91 s'],
  [
    'does not wait for ever for a task that never runs',
    { runsSince: null, detail: 'task is PENDING' },
    { checked: false, second: 91 },
    'unhealthy',
    'its task is not healthy after 91 s, task is PENDING',
  ],
])('%s', (_, change, how, status, cause) => {
  const look = judged(change, how);
  expect(look.status).toBe(status);
  expect(look.cause).toContain(cause);
});

it('says why there is no trial', () => {
  const of = (strategy: 'CANARY' | 'MAINTENANCE', set: Settings['trial'], migrationRan = true) =>
    withoutTrial({ strategy, settings: { trial: set } as Settings }, migrationRan)?.status;
  expect(of('CANARY', trial)).toBeUndefined();
  expect(of('CANARY', null)).toBe('off');
  expect(of('CANARY', null, false)).toBe('unneeded');
  expect(of('MAINTENANCE', trial)).toBe('unneeded');
});
