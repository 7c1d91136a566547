import type { Deployment } from '../../../src/domain/deployment/deployment';
import { historyText, metricsOf, metricsText, type Past, pastOf } from '../../../src/domain/report/history';
import type { ResultOf, StepName } from '../../../src/domain/results';
import type { JournalRow } from '../../../src/domain/results/row';

const at = (second: number) => new Date(Date.UTC(2026, 0, 30, 10, 0, second)).toISOString();
const row = <Step extends StepName>(second: number, step: Step, result: ResultOf<Step>): JournalRow => ({
  step,
  phase: 'some',
  at: at(second),
  result,
});
const deployment = {
  id: 'd',
  image: 'shop@sha256:abc',
  strategy: 'CANARY',
  requestedImage: 'shop:v2',
  requestedBy: 'ann',
  reason: 'ticket 12',
  settings: { service: 'shop' },
} as Deployment;

const begun = [row(0, 'ValidateRequest', { valid: true, deployment, cause: '' })];
const shifted = (second: number) =>
  row(second, 'ShiftTraffic', {
    shifted: true,
    waiting: false,
    greenPercent: 50,
    closedSeconds: null,
    at: at(second),
    waitSeconds: 0,
    cause: '',
  });
const live = [
  ...begun,
  shifted(10),
  row(60, 'CompleteDeployment', {
    outcome: 'DeploymentSucceeded',
    image: 'i',
    live: 'b',
    remark: '',
    report: '',
  }),
];
const returned = row(90, 'ReturnTraffic', {
  returned: true,
  waiting: false,
  closedSeconds: null,
  at: at(90),
  waitSeconds: 0,
  cause: '',
});
const rolledBack = row(100, 'ReleaseLock', { outcome: 'RolledBack', cause: 'errors; and more', report: '' });

const moments = ({ outcome, releasedAt, usersAt, restoredAt }: Past) => [
  outcome,
  releasedAt,
  usersAt,
  restoredAt,
];

it.each<[string, JournalRow[], string, unknown[]]>([
  ['runs', begun, 'RUNNING', ['running', null, null, null]],
  ['was stopped and not resumed yet', begun, 'ABORTED', ['ABORTED', null, null, null]],
  ['is live', live, 'SUCCEEDED', ['DeploymentSucceeded', at(60), at(10), null]],
  [
    'was released and taken back',
    [...live, returned, rolledBack],
    'SUCCEEDED',
    ['RolledBack', at(60), at(10), at(90)],
  ],
  ['was rolled back without users', [...begun, rolledBack], 'FAILED', ['RolledBack', null, null, at(100)]],
])('knows the moments of a deployment that %s', (_, rows, status, told) =>
  expect(moments(pastOf('d', rows, status))).toEqual(told),
);

const pasts = [
  pastOf('good', live, 'SUCCEEDED'),
  pastOf('bad', [...begun, shifted(20), returned, rolledBack], 'FAILED'),
  pastOf('taken-back', [...live, returned, rolledBack], 'SUCCEEDED'),
  pastOf('unseen', [...begun, rolledBack], 'FAILED'),
  pastOf('now', begun, 'RUNNING'),
];

it('measures only what had users, and counts a release that was taken back as a release and as a failure', () => {
  const metrics = metricsOf(pasts, new Date('2026-01-29T00:00:00Z'), new Date('2026-01-31T00:00:00Z'));
  expect(metrics).toEqual({
    from: '2026-01-29T00:00:00.000Z',
    to: '2026-01-31T00:00:00.000Z',
    deployments: 4,
    releasesPerDay: 1,
    leadSeconds: 60,
    failureRate: 2 / 3,
    // 70 and 80 seconds
    restoreSeconds: 75,
  });
  expect(metricsText(metrics)).toContain('failure rate          67 % of the versions that had users');
});

it('says nothing of what it has not seen', () => {
  const none = metricsOf([], new Date(0), new Date(1000));
  expect([none.leadSeconds, none.failureRate, none.restoreSeconds]).toEqual([null, null, null]);
  expect(metricsText(none)).toContain('time to restore       nothing to tell');
});

it('lists a deployment a line, and why below what was no success', () => {
  const lines = historyText(pasts.slice(0, 2)).split('\n');
  expect(lines).toEqual([
    '2026-01-30 10:00:00 UTC  good  shop  shop:v2  DeploymentSucceeded  1 min 0 s  ann: ticket 12',
    '2026-01-30 10:00:00 UTC  bad   shop  shop:v2  RolledBack           1 min 40 s  ann: ticket 12',
    '    errors',
  ]);
});
