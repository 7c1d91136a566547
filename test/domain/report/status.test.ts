import { type ServiceStatus, statusText } from '../../../src/domain/report/status';

const quiet: ServiceStatus = {
  service: 'shop',
  environment: 'production',
  live: {
    slot: 'b',
    image: 'shop@sha256:abc',
    since: '2026-01-30T10:00:00.000Z',
    deployment: 'release-7',
  },
  weights: { a: 0, b: 100 },
  tasks: [
    { slot: 'a', running: 0, desired: 0 },
    { slot: 'b', running: 2, desired: 2 },
  ],
  closedSince: null,
  deployment: null,
  waiting: [],
  remains: '',
  rollback: { possible: true, until: '2026-01-31T10:00:00.000Z', warmUntil: '2026-01-30T11:00:00.000Z' },
};

it('says of a service at rest what is live, since when and by what, and how long it can be taken back', () =>
  expect(statusText(quiet).split('\n')).toEqual([
    'shop (production)',
    '  live        shop@sha256:abc in slot b, since 2026-01-30 10:00:00 UTC, by release-7',
    '  weights     a 0 / b 100',
    '  tasks       a: 0 of 0, b: 2 of 2',
    '  deployment  none at work, the lock is free',
    '  rollback    until 2026-01-31 10:00:00 UTC, within seconds until 2026-01-30 11:00:00 UTC',
  ]));

it('has no weights of a pure worker, and one slot', () => {
  const text = statusText({ ...quiet, weights: null, tasks: [{ slot: 'a', running: 3, desired: 3 }] });
  expect(text).toContain('\n  tasks       a: 3 of 3\n');
  expect(text).not.toContain('weights');
});

it('names what waits for a window, and until when', () => {
  const one = {
    deployment: 'release-8',
    service: 'shop',
    until: '2026-02-03T21:00:00.000Z',
    because: 'it waits until tuesday 2026-02-03 22:00 +01:00 (Europe/Berlin): no deployment window is open',
  };
  expect(statusText({ ...quiet, waiting: [one] })).toContain(`\n  waits       release-8: ${one.because}\n`);
});

const atWork: NonNullable<ServiceStatus['deployment']> = {
  name: 'release-8',
  execution: 'arn',
  state: 'runs',
  leaseUntil: '2026-01-30T12:00:00.000Z',
  givesWayTo: null,
  last: { step: 'ObserveGreen', at: '2026-01-30T11:59:00.000Z', said: 'undecided: 12 of 30\nand more' },
};

it.each<[string, Partial<ServiceStatus>, string[]]>([
  [
    'a deployment that runs, and what it said last',
    { deployment: atWork },
    [
      '  deployment  release-8 runs; lock until 2026-01-30 12:00:00 UTC',
      '              2026-01-30 11:59:00 UTC  ObserveGreen: undecided: 12 of 30',
    ],
  ],
  [
    'one that waits for a person, and whom it gives way to',
    { deployment: { ...atWork, state: 'waits for a person', givesWayTo: 'x', last: null } },
    [
      '  deployment  release-8 waits for a person; lock until 2026-01-30 12:00:00 UTC',
      '              it gives way to x',
    ],
  ],
  [
    'a closed service',
    { closedSince: '2026-01-30T10:00:00.000Z', weights: { a: 0, b: 0, page: 100 } },
    [
      '  weights     a 0 / b 0 / maintenance page 100',
      '  closed      users get the maintenance page since 2026-01-30 10:00:00 UTC',
    ],
  ],
  [
    'a rule that no deployment leaves so',
    { weights: 'the rule does not forward to target groups' },
    ['  weights     the rule does not forward to target groups'],
  ],
  [
    'contract migrations that were not begun',
    { remains: 'contract migrations 9 were not begun' },
    ['  remains     contract migrations 9 were not begun'],
  ],
  [
    'a service that nothing was ever released to',
    { live: null, rollback: { possible: false, because: 'no release stands that could be taken back' } },
    [
      '  live        nothing was recorded yet',
      '  rollback    none: no release stands that could be taken back',
    ],
  ],
])('says of %s', (_, changes, lines) =>
  expect(statusText({ ...quiet, ...changes }).split('\n')).toEqual(expect.arrayContaining(lines)),
);
