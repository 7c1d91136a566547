import type { Deployment } from '../../../src/domain/deployment/deployment';
import type { Blue } from '../../../src/domain/deployment/variables';
import {
  type Circumstances,
  type Entry,
  entryOf,
  mayResume,
  type Progress,
  progressOf,
} from '../../../src/domain/recovery/progress';
import type { ResultOf, StepName } from '../../../src/domain/results';
import { JOURNAL_VERSION, type StepRow } from '../../../src/domain/results/row';
import { settingsSchema } from '../../../src/domain/settings/settings';

const arn = (service: string, what: string) => `arn:aws:${service}:eu-west-1:000000000000:${what}`;
const balancing = (what: string) => arn('elasticloadbalancing', what);
const slot = (name: string) => ({
  service: name,
  targetGroup: balancing(`targetgroup/${name}`),
  targetGroupFullName: name,
});
const settings = settingsSchema.parse({
  service: 'shop',
  environment: 'example',
  cluster: arn('ecs', 'cluster/shop'),
  container: 'shop',
  repository: 'registry/shop',
  slots: { a: slot('a'), b: slot('b') },
  traffic: {
    loadBalancer: balancing('loadbalancer/app/lb'),
    loadBalancerFullName: 'lb',
    productionRule: balancing('listener-rule/app/rule'),
    testListener: balancing('listener/app/listener'),
    testRule: balancing('listener-rule/app/test'),
  },
  database: { instance: 'db', secret: arn('secretsmanager', 'secret:db') },
  migrations: {
    tool: 'dbmate',
    manifests: 's3://bucket/shop',
    opaque: 'refuse',
    taskDefinition: 'migration',
    container: 'shop',
    command: ['up'],
    revertCommand: [],
    subnets: ['s'],
    securityGroups: ['g'],
  },
  smokeTests: [],
  strategy: 'CANARY',
  canaryPercent: 10,
  bakeSeconds: 60,
  soakSeconds: 60,
  thresholds: { minimumRequests: 10, errorRateIncrease: 0.1, errorRateCeiling: 0.5 },
  deadlines: {
    lockSeconds: 60,
    snapshotSeconds: 60,
    migrationSeconds: 60,
    contractSeconds: 60,
    pauseSeconds: 60,
    greenSeconds: 60,
    evidenceSeconds: 60,
    rollbackSeconds: 60,
  },
});
const deployment: Deployment = {
  id: 'release-7',
  execution: arn('states', 'execution:D:one'),
  image: 'registry/shop@sha256:2',
  requestedImage: 'shop:v2',
  strategy: 'CANARY',
  steps: [
    { percent: 10, bakeSeconds: 60 },
    { percent: 100, bakeSeconds: 60 },
  ],
  manifest: { location: 's3://bucket/shop/2.json' },
  accept: [],
  seeds: false,
  acceptAlarms: [],
  approvalRequired: false,
  notBefore: null,
  outsideWindow: null,
  expectedSeconds: null,
  mayWait: false,
  waited: false,
  dryRun: false,
  only: null,
  requestedBy: 'somebody',
  reason: 'a test',
  settings,
};
const live: Blue = { slot: 'a', taskDefinition: 'td:1', image: null, database: 'db' };
const before = { fingerprint: 'f', applied: ['1'] };
const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 12, 0, second)).toISOString();
const green = { slot: 'b' as const, taskDefinition: 'td:2', startedAt: at(8) };
const trial = { task: 'trial', startedAt: at(7), checked: true, log: null };
const migration = { task: 'task', essential: ['shop'], startedAt: at(6) };

const plan = {
  decision: 'run' as const,
  pending: ['2'],
  contract: [],
  classes: { expand: 1 },
  remarks: [],
  strategies: ['CANARY' as const],
  cause: '',
};
const shifted = (greenPercent: number) => ({ shifted: true, greenPercent, closedSeconds: null });

/** A step with what of its result matters here, and where a release that ended after it is resumed. */
const step = <Step extends StepName>(
  name: Step,
  result: Partial<ResultOf<Step>>,
  recover: Entry,
  rollback: Entry = recover,
) => ({ name, result, recover, rollback });

/** The journal of a release through a canary. */
const release = [
  step(
    'ValidateRequest',
    { valid: true, deployment: { ...deployment, strategy: 'AUTO', steps: [] } },
    'release',
  ),
  step('AcquireLock', { status: 'acquired' }, 'release'),
  step('InspectLive', { asRecorded: true, live }, 'release'),
  step('InspectDatabase', { ready: true, before }, 'release'),
  step('AnalyseMigrations', { plan }, 'release'),
  step('ChooseStrategy', { chosen: true, deployment }, 'return'),
  step('SnapshotDatabase', { snapshot: { name: 's', startedAt: at(5) } }, 'return'),
  step('CheckSnapshot', { status: 'available' }, 'return'),
  step('StartMigration', { started: true, migration }, 'return'),
  step('CheckMigration', { status: 'succeeded' }, 'return'),
  step('VerifyMigration', { verified: true }, 'return'),
  step('TryBlue', { trial }, 'return'),
  step('StartGreen', { started: true, green }, 'return'),
  step('CheckTrial', { status: 'healthy', cause: 'it can' }, 'return'),
  step('SmokeTestGreen', { status: 'passed' }, 'return'),
  step('ShiftTraffic', shifted(10), 'return'),
  step('ObserveGreen', { next: 'shift' }, 'return'),
  step('ShiftTraffic', shifted(100), 'return'),
  step('ObserveGreen', { next: 'finish' }, 'finish', 'restart'),
  step('RetireBlue', { status: 'warm', cause: 'a is kept' }, 'finish', 'restart'),
  step('CompleteDeployment', { outcome: 'DeploymentSucceeded' }, 'finish', 'restart'),
];
const rows: StepRow[] = release.map(({ name, result }, index) => ({
  step: name,
  at: at(index),
  result,
}));
const cut = (length: number) => progressOf(rows.slice(0, length))!;

it.each(
  release.map(({ name, recover, rollback }, index) => ({ name, recover, rollback, length: index + 1 })),
)(
  'takes a release that ended after $name ($length) up at $recover, or at $rollback when the previous version is wanted',
  ({ length, recover, rollback }) => {
    expect(entryOf(cut(length), 'recover')).toBe(recover);
    expect(entryOf(cut(length), 'rollback')).toBe(rollback);
  },
);

it('knows nothing of a deployment without a journal', () => {
  expect(progressOf([])).toBeUndefined();
});

it('rebuilds each variable from the row of its step, and has none before that', () => {
  const from = (step: StepName) => release.findIndex(({ name }) => name === step) + 1;
  const variable = (length: number) => cut(length).variables;
  expect(variable(from('InspectLive') - 1).live).toBeNull();
  expect(variable(from('InspectLive')).live).toEqual(live);
  expect(variable(from('AnalyseMigrations')).plan).toMatchObject({ decision: 'run' });
  expect(variable(from('SnapshotDatabase'))).toMatchObject({ protected: false, migration: null });
  expect(variable(from('CheckSnapshot')).protected).toBe(true);
  expect(variable(from('StartMigration'))).toMatchObject({ migration, migrated: false });
  expect(variable(from('VerifyMigration'))).toMatchObject({
    migrated: true,
    green: null,
    usersOnGreen: false,
  });
  expect(variable(from('StartGreen'))).toMatchObject({ green, usersOnGreen: false });
  expect(variable(from('SmokeTestGreen'))).toMatchObject({ usersOnGreen: true, shift: null });
  expect(variable(from('ShiftTraffic')).shift).toEqual({
    step: 0,
    greenPercent: 10,
    since: at(15),
    firstAt: at(15),
  });
  expect(variable(rows.length).shift).toEqual({ step: 1, greenPercent: 100, since: at(17), firstAt: at(15) });
  expect(cut(rows.length).deployment).toEqual(deployment);
});

it('knows the contract migrations as the last of their steps wrote them, and that people said no', () => {
  const pending = { pending: ['3'], snapshot: 's' };
  const started = { ...pending, migration: { ...migration, taskDefinition: 'td:3' } };
  const steps: [string, object][] = [
    ['PrepareContract', { status: 'waiting', contract: null }],
    ['PrepareContract', { status: 'ready', contract: pending }],
    ['StartContract', { started: true, contract: started }],
    ['RecordConfirmation', { approved: false }],
  ];
  const written = steps.map(([step, result], index) => ({ step, at: at(30 + index), result }));
  const after = (length: number) => progressOf([...rows, ...written.slice(0, length)])!;
  expect([0, 1, 2, 3].map((length) => after(length).variables.contract)).toEqual([
    null,
    null,
    pending,
    started,
  ]);
  expect([after(3).rollbackRejected, after(4).rollbackRejected]).toEqual([false, true]);
});

it('knows that no user is on a rollout in place whose migration failed', () => {
  const rolling = rows
    .slice(0, 6)
    .map((row) =>
      row.step === 'ChooseStrategy'
        ? { ...row, result: { chosen: true, deployment: { ...deployment, strategy: 'ROLLING' } } }
        : row,
    );
  const progress = progressOf(rolling)!;
  expect(progress.variables.usersOnGreen).toBe(false);
  expect(entryOf(progress, 'recover')).toBe('return');
});

it('assumes a rollout in place to have begun once its trial of blue is over, whatever the journal says of it', () => {
  const rolling = { ...deployment, strategy: 'ROLLING' as const };
  const until = (status: string) =>
    progressOf([
      { step: 'ChooseStrategy', at: at(1), result: { chosen: true, deployment: rolling } },
      { step: 'TryBlue', at: at(2), result: { trial } },
      { step: 'CheckTrial', at: at(3), result: { status, cause: status } },
    ])!.variables.usersOnGreen;
  expect(['undecided', 'unhealthy', 'healthy', 'off', 'unneeded'].map(until)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

it('knows what the newest trial of blue has shown, and forgets a failure once the schema may be another', () => {
  const told = (...more: [StepName, object][]) => {
    const later = more.map(([name, result], index) => ({ step: name, at: at(30 + index), result }));
    const { trial, cannotStart } = progressOf([...rows, ...later])!;
    return { trial, cannotStart };
  };
  const look = (status: string) => ({ status, cause: `it is ${status}` });
  expect(progressOf(rows.slice(0, 11))!.trial).toBeNull();
  expect(told()).toEqual({ trial: { status: 'healthy', cause: 'it can' }, cannotStart: null });
  expect(told(['CheckTrialAgain', look('unhealthy')])).toEqual({
    trial: look('unhealthy'),
    cannotStart: 'it is unhealthy',
  });
  expect(
    told(['CheckTrialAgain', look('unhealthy')], ['CheckRevert', { status: 'running' }]).cannotStart,
  ).toBe('it is unhealthy');
  const again: [StepName, object][] = [
    ['CheckRevert', { status: 'succeeded' }],
    ['RecoverDeployment', { entry: 'return', deployment }],
  ];
  for (const change of again)
    expect(told(['CheckTrialAgain', look('unhealthy')], change).cannotStart).toBeNull();
  expect(
    told(
      ['CheckTrialAgain', look('unhealthy')],
      ['CheckRevert', { status: 'succeeded' }],
      ['CheckTrialAgain', look('healthy')],
    ),
  ).toEqual({ trial: look('healthy'), cannotStart: null });
});

it('knows which workers a window has stopped, until they are started again', () => {
  const told = (...more: [StepName, object][]) =>
    progressOf([
      ...rows,
      ...more.map(([name, result], index) => ({ step: name, at: at(30 + index), result })),
    ])!.stoppedWorkers;
  const packing = { worker: 'packing', desired: 2 };
  const stopped: [StepName, object] = [
    'StopWriters',
    { status: 'stopped', workers: [packing, { worker: 'idle', desired: 0 }] },
  ];
  expect(told()).toEqual([]);
  expect(told(stopped)).toEqual([packing]);
  expect(told(stopped, ['ReturnWorkers', { status: 'returning' }])).toEqual([packing]);
  expect(told(stopped, ['ReturnWorkers', { status: 'returned' }])).toEqual([]);
  // amid a window nothing moves before the shift, which is said to be done
  expect(told(stopped, ['MoveWorkers', { status: 'moved', moves: 'before' }])).toEqual([packing]);
  expect(told(stopped, ['MoveWorkers', { status: 'moved', moves: 'after' }])).toEqual([]);
  // a row from before workers were told of
  expect(told(['StopWriters', { status: 'stopped' }])).toEqual([]);
});

it('is finished once its workers have moved, and not when green was found bad or doubtful while they did', () => {
  const packing = {
    kind: 'service',
    service: 'packing',
    container: 'shop',
    moves: 'after',
    steadySeconds: 40,
  };
  const working = { ...deployment, settings: { ...settings, workers: [packing] } };
  const entry = (...more: [StepName, object][]) =>
    entryOf(
      progressOf([
        ...rows.slice(0, 5),
        ...(
          [
            ['ChooseStrategy', { chosen: true, deployment: working }],
            ['MoveWorkers', { status: 'moved', moves: 'before' }],
            ['ObserveGreen', { next: 'finish' }],
            ...more,
          ] as [StepName, object][]
        ).map(([name, result], index) => ({ step: name, at: at(30 + index), result })),
      ])!,
      'recover',
    );
  const moves = (status: string): [StepName, object] => ['MoveWorkers', { status, moves: 'after' }];
  const looks = (next: string): [StepName, object] => ['ObserveGreen', { next }];
  expect(entry()).toBe('return');
  expect(entry(moves('moving'), looks('finish'))).toBe('return');
  expect(entry(moves('moved'))).toBe('finish');
  expect(entry(moves('moved'), looks('return'))).toBe('return');
  expect(entry(moves('moved'), looks('wait'))).toBe('return');
  expect(entry(moves('moved'), looks('wait'), looks('finish'))).toBe('finish');
});

it('goes on with a rollback that somebody asked for after the release, instead of undoing it', () => {
  const asked = [
    ...rows,
    { step: 'RecoverDeployment', at: at(30), result: { entry: 'restart', deployment } },
  ];
  expect(entryOf(progressOf(asked)!, 'recover')).toBe('restart');
});

it('understands rows from before there were versions, and refuses those of a version to come', () => {
  const last = rows.length - 1;
  const as = (version: number) => rows.map((row, index) => (index === last ? { ...row, version } : row));
  expect(progressOf(as(JOURNAL_VERSION))).toEqual(progressOf(rows));
  expect(() => progressOf(as(JOURNAL_VERSION + 1))).toThrow(
    `the journal's row of CompleteDeployment at ${at(last)} has version 2, and this Greenlight reads versions up to 1; use the Greenlight that wrote it, or a newer one`,
  );
});

it.each([
  ['StartMigration', { started: true }, 'result.migration: '],
  ['AnalyseMigrations', { cut: 123_456 }, 'result.plan: '],
])('takes a row of %s that cannot be read for no sign that nothing happened', (name, result, problem) => {
  const broken = rows.map((row) => (row.step === name ? { ...row, result } : row));
  expect(() => progressOf(broken)).toThrow(`cannot be read: ${problem}`);
});

it('has nothing to undo after a dry run', () => {
  const dry = rows
    .slice(0, 6)
    .map((row) =>
      row.step === 'ChooseStrategy'
        ? { ...row, result: { chosen: true, deployment: { ...deployment, dryRun: true } } }
        : row,
    );
  expect(entryOf(progressOf(dry)!, 'recover')).toBe('release');
});

const held = progressOf([
  ...rows.slice(0, 6),
  { step: 'AwaitWindow', at: at(6), result: { status: 'waiting' } },
])!;

it('waits for a window until it is prepared again, and has nothing to undo meanwhile', () => {
  expect([held.waits, entryOf(held, 'rollback')]).toEqual([true, 'release']);
  const again = { step: 'AwaitWindow', at: at(7), result: { status: 'again' } };
  expect(progressOf([...rows.slice(0, 6), again])!.waits).toBe(false);
});

it('was not refused to whoever asked for it where it had waited before it found the lock taken', () => {
  const busy = { step: 'AcquireLock', at: at(8), result: { status: 'busy' } };
  const waited = { step: 'AwaitWindow', at: at(6), result: { status: 'again' } };
  expect(progressOf([...rows.slice(0, 1), busy])!.refusedByLock).toBe(true);
  expect(progressOf([...rows.slice(0, 6), waited, busy])!.refusedByLock).toBe(false);
});

describe('resuming it', () => {
  const now = new Date(at(40));
  const mine = { holder: 'release-7', expires: at(50), stuck: false };
  const released = { deployment: 'release-7', at: at(20) };
  const whole = cut(rows.length);
  const half = cut(15);
  const short = {
    ...whole,
    deployment: {
      ...whole.deployment,
      settings: { ...settings, rollback: { ...settings.rollback, windowSeconds: 10 } },
    },
  };

  const contracted = progressOf([
    ...rows,
    {
      step: 'PrepareContract',
      at: at(21),
      result: { status: 'ready', contract: { pending: ['3'], snapshot: 's' } },
    },
  ])!;
  it.each<[string, [Progress, Omit<Circumstances, 'stack'>], true | RegExp]>([
    [
      'is refused to an operator once contract migrations may have run',
      [contracted, { resume: 'rollback', now, driverRuns: false, released }],
      /its contract migrations may have run/,
    ],
    [
      'is allowed to the reconciler when contract migrations may have run: it goes on',
      [contracted, { resume: 'recover', now, held: mine, driverRuns: false }],
      true,
    ],
    [
      'is allowed for one left half-way',
      [half, { resume: 'recover', now, held: mine, driverRuns: false }],
      true,
    ],
    [
      'is refused to the reconciler while its execution runs',
      [half, { resume: 'recover', now, held: mine, driverRuns: true }],
      /its execution runs/,
    ],
    [
      'is refused to the reconciler when people have been told: it waits for them',
      [half, { resume: 'recover', now, held: { ...mine, stuck: true }, driverRuns: false }],
      /waits for a person; to go back: npx greenlight rollback release-7 --workflow Shop --reason/,
    ],
    [
      'is allowed to an operator who has been told',
      [half, { resume: 'rollback', now, held: { ...mine, stuck: true }, driverRuns: false }],
      true,
    ],
    [
      'is allowed to an operator while its execution runs',
      [half, { resume: 'rollback', now, held: mine, driverRuns: true }],
      true,
    ],
    [
      'is refused while another deployment holds the lock',
      [half, { resume: 'rollback', now, held: { ...mine, holder: 'other' }, driverRuns: true }],
      /deployment other holds the lock/,
    ],
    [
      'is allowed for one that waits for a window, whoever holds the lock meanwhile',
      [held, { resume: 'rollback', now, held: { ...mine, holder: 'other' }, driverRuns: true }],
      true,
    ],
    [
      'is refused to the reconciler for one whose execution waits for a window',
      [held, { resume: 'recover', now, driverRuns: true }],
      /its execution runs, and waits for a window/,
    ],
    [
      'is allowed to the reconciler once nothing waits any more that said so',
      [held, { resume: 'recover', now, driverRuns: false }],
      true,
    ],
    [
      'is refused for one that has ended without a release',
      [half, { resume: 'rollback', now, driverRuns: false }],
      /has ended, and left nothing/,
    ],
    [
      'is allowed for the newest release, within its window',
      [whole, { resume: 'rollback', now, driverRuns: false, released }],
      true,
    ],
    [
      'is refused for it after its window',
      [short, { resume: 'rollback', now, driverRuns: false, released }],
      /window of 10 s ended at .*; deploy the version that you want/,
    ],
    [
      'is refused for it to the reconciler',
      [whole, { resume: 'recover', now, driverRuns: false, released }],
      /has ended/,
    ],
    [
      'is refused for a release before the newest',
      [
        whole,
        { resume: 'rollback', now, driverRuns: false, released: { deployment: 'release-8', at: at(30) } },
      ],
      /release-8 was released after it; .*deploy the version/,
    ],
    [
      'is refused a second time',
      [whole, { resume: 'rollback', now, driverRuns: false }],
      /was rolled back already/,
    ],
  ])('%s', (_title, args, expected) => {
    const [progress, circumstances] = args;
    const answer = mayResume(progress, { ...circumstances, stack: 'Shop' });
    if (expected === true) expect(answer).toEqual({ yes: true });
    else expect(answer).toEqual({ yes: false, because: expect.stringMatching(expected) });
  });
});
