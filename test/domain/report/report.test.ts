import type { Deployment } from '../../../src/domain/deployment/deployment';
import type { Evidence } from '../../../src/domain/evidence/verdict';
import { noVariables } from '../../../src/domain/recovery/progress';
import { reportOf, serviceOf } from '../../../src/domain/report';
import { reportHtml } from '../../../src/domain/report/html';
import { reportMarkdown } from '../../../src/domain/report/markdown';
import { duration } from '../../../src/domain/report/moments';
import { newsOf } from '../../../src/domain/report/steps';
import { reportText } from '../../../src/domain/report/text';
import type { ResultOf, StepName } from '../../../src/domain/results';
import { JOURNAL_VERSION, type JournalRow, LOCK_RELEASED } from '../../../src/domain/results/row';
import { objectPage } from '../../../src/domain/text/console';
import { parsed } from './parsed';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
const row = <Step extends StepName>(
  second: number,
  phase: string,
  step: Step,
  result: ResultOf<Step>,
): JournalRow => ({ step, phase, at: at(second), result });

/** As much of one as a report shows. */
const deployment = {
  id: 'release-v2',
  image: 'shop@sha256:abc',
  requestedImage: 'shop:v2',
  requestedBy: 'anna',
  reason: 'ticket 12',
  strategy: 'AUTO',
  settings: { service: 'shop' },
} as Deployment;
const findings: ResultOf<'VerifyMigration'>['findings'] = [
  { check: 'history', status: 'ok', detail: '2 migrations applied, 1 of them since before' },
  { check: 'constraints', status: 'warning', detail: 'k on public.orders not yet validated' },
];
const begun = [
  row(0, 'prepare', 'ValidateRequest', { valid: true, deployment, cause: '' }),
  row(1, 'prepare', 'AcquireLock', {
    status: 'acquired',
    lock: { service: 'shop', fence: 7 },
    waitSeconds: 0,
    cause: '',
  }),
];
const migrated = [
  ...begun,
  row(2, 'prepare', 'InspectDatabase', {
    ready: true,
    before: { fingerprint: 'f', applied: ['1'] },
    level: 'standard',
    findings: [findings[1]!, { check: 'schema', status: 'ok', detail: 'the same as before' }],
    cause: '',
  }),
  row(3, 'prepare', 'AnalyseMigrations', {
    plan: {
      decision: 'run',
      pending: ['2'],
      contract: [],
      classes: { expand: 3 },
      remarks: [],
      strategies: ['CANARY'],
      cause: '',
    },
    migrations: [
      {
        id: '2',
        class: 'expand',
        locks: [{ relation: 'public.orders', mode: 'ACCESS EXCLUSIVE' }],
        blocks: 'reads and writes',
      },
    ],
    cause: '',
  }),
  row(4, 'prepare', 'ChooseStrategy', {
    chosen: true,
    deployment: { ...deployment, strategy: 'CANARY' },
    because: 'the migrations break nobody',
    warnings: ['few requests'],
    approval: { needed: false, given: false, because: 'no rule asks for one' },
    begins: null,
    cause: '',
  }),
  row(5, 'expand', 'CheckMigration', { status: 'running', exitCodes: {}, waitSeconds: 2, cause: 'it runs' }),
  row(7, 'expand', 'CheckMigration', {
    status: 'succeeded',
    exitCodes: { shop: 0 },
    waitSeconds: 2,
    cause: '',
  }),
  row(8, 'expand', 'VerifyMigration', {
    ...{ round: 'migrate', next: null, waitSeconds: 0 },
    verified: true,
    level: 'standard',
    fingerprint: 'g',
    findings,
    cause: '',
  }),
];
const live = { slot: 'b', weights: { a: 0, b: 100 }, image: 'shop@sha256:abc' };
const lines = (rows: JournalRow[], now: typeof live | null = live) =>
  reportText(reportOf('release-v2', rows, now)).split('\n');

it('says what was deployed, by whom, why, how, and how long it took', () => {
  const said = lines([
    ...migrated,
    row(100, 'finish', 'CompleteDeployment', {
      outcome: 'DeploymentSucceeded',
      image: 'i',
      live: 'b',
      remark: '',
      report: '',
    }),
  ]);
  for (const line of [
    'shop:v2: DeploymentSucceeded',
    'deployment  release-v2',
    'asked by    anna',
    'reason      ticket 12',
    'strategy    CANARY',
    'began       2026-11-21 10:00:00 UTC, took 1 min 40 s',
    'ended: DeploymentSucceeded',
    'now: slot b serves shop@sha256:abc, weights a 0 / b 100',
  ])
    expect(said).toContain(line);
});

it('gives each phase its beginning and its length, up to the next one', () => {
  const said = lines([
    ...migrated,
    row(20, 'deploy', 'StartGreen', { started: false, green: null, waitSeconds: 0, cause: 'no' }),
  ]);
  expect(said.filter((line) => / from \d/.test(line))).toEqual([
    'prepare, from 10:00:00, 5.0 s',
    'expand, from 10:00:05, 15.0 s',
    'deploy, from 10:00:20, 0.0 s',
  ]);
});

it('says what each step decided with its numbers, a poll once with how often it looked', () => {
  const said = lines(migrated).map((line) => line.trim());
  for (const line of [
    '10:00:01  AcquireLock           the lock was free; number 7',
    '10:00:03  AnalyseMigrations     1 pending: 2; once blue is gone: none; statements: 3 expand',
    '10:00:04  ChooseStrategy        CANARY: the migrations break nobody; warning: few requests',
    '10:00:05  CheckMigration ×2     succeeded, exit codes 0 shop',
  ])
    expect(said).toContain(line);
});

it('shows of the database before what was remarkable, and afterwards every check', () => {
  const said = lines(migrated).map((line) => line.trim());
  expect(said.filter((line) => /^(ok|warning)/.test(line))).toEqual([
    'warning constraints  k on public.orders not yet validated',
    'ok      history      2 migrations applied, 1 of them since before',
    'warning constraints  k on public.orders not yet validated',
  ]);
});

it('counts what failed, and leaves the words to the checks', () => {
  const failed = [...findings, { check: 'rows', status: 'failed' as const, detail: 'rows are lost: t' }];
  const said = lines([
    ...begun,
    row(2, 'expand', 'VerifyMigration', {
      ...{ round: 'migrate', next: null, waitSeconds: 0 },
      verified: false,
      level: 'standard',
      fingerprint: 'g',
      findings: failed,
      cause: 'rows: rows are lost: t',
    }),
  ]).map((line) => line.trim());
  expect(said).toContain('10:00:02  VerifyMigration       1 of 3 checks failed');
  expect(said).toContain('failed  rows         rows are lost: t');
});

it('files the release of the lock under the phase that it follows', () => {
  const report = reportOf(
    'x',
    [...begun, row(3, 'rollback', 'ReleaseLock', { outcome: 'DeploymentRejected', cause: 'no', report: '' })],
    null,
  );
  expect(report.phases.map(({ phase }) => phase)).toEqual(['prepare']);
  expect(report).toMatchObject({ outcome: 'DeploymentRejected', cause: 'no', now: null });
});

it('tells a rollback that was chosen from an end', () => {
  const chosen = row(9, 'rollback', 'ChooseRollback', {
    action: 'revert',
    outcome: 'RolledBack',
    keepNewest: '1',
    reverting: ['2'],
    schemaKept: false,
    seeds: false,
    remark: '',
    waitSeconds: 1,
    cause: 'left 2',
  });
  expect(reportOf('x', [...migrated, chosen], live)).toMatchObject({ outcome: null });
  expect(lines([...migrated, chosen]).slice(-3)).toEqual([
    'ended: not yet',
    `  the newest step is ChooseRollback, of ${at(9)}`,
    'now: slot b serves shop@sha256:abc, weights a 0 / b 100',
  ]);
});

it('gives every part of what an operator has to know a line of its own', () => {
  const called = row(9, 'rollback', 'CallOperator', {
    called: true,
    outcome: 'NeedsOperator',
    cause: 'rollback failed: rows are lost; the lock is kept',
    report: '',
  });
  expect(lines([...migrated, called])).toEqual(
    expect.arrayContaining([
      'ended: NeedsOperator',
      '  rollback failed: rows are lost',
      '  the lock is kept',
    ]),
  );
});

it('reports a request that was refused before there was a deployment', () => {
  const refused = row(0, 'prepare', 'ValidateRequest', {
    valid: false,
    deployment: null,
    cause: 'image: unknown',
  });
  expect(serviceOf([refused])).toBeUndefined();
  expect(reportText(reportOf('x', [refused], null))).toMatch(
    /^unknown: DeploymentRejected\n[\s\S]*ended: DeploymentRejected\n {2}image: unknown\nnow: nothing is recorded/,
  );
  const busy = row(1, 'prepare', 'AcquireLock', {
    status: 'busy',
    lock: null,
    waitSeconds: 0,
    cause: 'y holds the lock',
  });
  expect(reportOf('x', [begun[0]!, busy], null)).toMatchObject({
    outcome: 'DeploymentRejected',
    cause: 'y holds the lock',
  });
});

it('says something of a step that it does not know, and of a row that was too long to be kept', () => {
  const strange = { phase: 'approve', version: JOURNAL_VERSION };
  const said = lines([
    ...begun,
    {
      ...strange,
      step: 'AskTheOracle',
      at: at(2),
      result: { approved: true, by: 'otto', waitSeconds: 5, note: '' },
    },
    { ...strange, step: 'VerifyMigration', at: at(3), result: { cut: 123_456 } },
  ]).map((line) => line.trim());
  expect(said).toContain('10:00:02  AskTheOracle          approved: true, by: otto');
  expect(said).toContain('10:00:03  VerifyMigration       cut: 123456');
});

it('takes the lock that a person has freed for no end, and tells who did it and why', () => {
  const called = row(5, 'escalate', 'CallOperator', {
    called: true,
    outcome: 'NeedsOperator',
    cause: 'rollback failed',
    report: '',
  });
  const result = { by: 'ann', reason: 'all is well' };
  const freed = [...migrated, called, { step: LOCK_RELEASED, phase: 'escalate', at: at(6), result }];
  expect(reportOf('x', freed, live)).toMatchObject({ outcome: 'NeedsOperator', cause: 'rollback failed' });
  expect(lines(freed)).toContain('  10:00:06  LockReleased          by: ann, reason: all is well');
});

it('tells of what happens only what is new: a look that says the same again is none', () => {
  const look = (second: number, cause: string) =>
    row(second, 'deploy', 'CheckGreen', { status: 'undecided', streak: 0, waitSeconds: 5, cause });
  const trial = row(3, 'deploy', 'CheckTrial', { status: 'undecided', waitSeconds: 5, cause: 'starting' });
  const rows = [...begun, look(2, '0 of 2'), trial, look(4, '0 of 2'), look(5, '1 of 2')];
  const told = (from: number) => newsOf(rows, from).map(({ at, step, said }) => [at, step, said]);
  expect(told(0)).toHaveLength(5);
  expect(told(3)).toEqual([
    [at(3), 'CheckTrial', 'starting'],
    [at(5), 'CheckGreen', '1 of 2'],
  ]);
  expect(told(rows.length)).toEqual([]);
  expect(() => newsOf([{ ...rows[0]!, version: JOURNAL_VERSION + 1 }], 0)).toThrow('has version 2');
});

it('tells each piece of the evidence with its verdict and its numbers', () => {
  const piece = (verdict: Evidence['verdict'], because: string) => ({ verdict, because, numbers: {} });
  const fine = piece('healthy', 'fine');
  const observed = row(5, 'shift', 'ObserveGreen', {
    verdict: 'unhealthy',
    next: 'return',
    waitSeconds: 0,
    decides: 'automatic',
    warnings: [],
    evidence: {
      errors: piece('unhealthy', '40 of 120 on green, 1 of 900 on blue'),
      clientErrors: fine,
      latency: fine,
      fleet: fine,
      database: fine,
      testRequests: fine,
    },
    tests: [],
    cause: '40 of 120 on green',
  } as ResultOf<'ObserveGreen'>);
  const said = lines([...migrated, observed]);
  expect(said).toContain('      unhealthy errors       40 of 120 on green, 1 of 900 on blue');
  expect(said).toContain('      healthy   latency      fine');
});

describe('in other forms', () => {
  const nasty = '<img src=x onerror=alert(1)> | **now** `x`\nand more';
  const written = { ...deployment, reason: nasty, requestedImage: '<b>shop</b>:v2' };
  const rows = migrated.map((one) => {
    const result = one.result as { deployment?: object };
    return result.deployment ? { ...one, result: { ...result, deployment: written } } : one;
  });
  const told = reportOf('x', rows, live);

  it('is a page that says the same as the text, loads nothing, and takes no word for its own', () => {
    const page = reportHtml(told);
    expect(page).toContain('<h1>&lt;b&gt;shop&lt;/b&gt;:v2: not ended</h1>');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; | **now** `x`<br/>and more');
    expect(page).toContain(
      '<span class="warning">warning</span> constraints: k on public.orders not yet validated',
    );
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<(script|img|link|iframe|b)\b|https?:|\bon\w+="/);
    for (const { steps } of told.phases) for (const { step } of steps) expect(page).toContain(step);
  });

  it('is Markdown, in which nothing that people wrote is a mark', () => {
    const text = reportMarkdown(told);
    expect(text.split('\n')[0]).toBe('## &lt;b&gt;shop&lt;/b&gt;:v2: not ended');
    expect(text).toContain(
      '| reason | &lt;img src=x onerror=alert(1)&gt; \\| \\*\\*now\\*\\* \\`x\\`<br>and more |',
    );
    for (const line of text.split('\n').filter((one) => /^\| \d\d:/.test(one)))
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(4);
    expect(text).toContain('warning: constraints: k on public.orders not yet validated');
  });
});

it('refuses rows that a newer version wrote', () => {
  const newer = begun.map((one) => ({ ...one, version: JOURNAL_VERSION + 1 }));
  expect(() => reportOf('x', newer, live)).toThrow(
    "the journal's row of ValidateRequest at 2026-11-21T10:00:00.000Z has version 2, and this Greenlight reads versions up to 1",
  );
});

it.each([
  [0.25, '0.3 s'],
  [59.9, '59.9 s'],
  [60, '1 min 0 s'],
  [3725, '1 h 2 min 5 s'],
])('writes %d seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text));

const evidence = (errors: [number, number], p50: number) =>
  ({
    verdict: 'healthy',
    next: 'wait',
    waitSeconds: 5,
    decides: 'automatic',
    warnings: [],
    evidence: {
      errors: {
        verdict: 'healthy',
        because: 'few',
        numbers: { green: errors, blue: [1, 100], unanswered: [0, 0] },
      },
      latency: {
        verdict: 'healthy',
        because: 'fast',
        numbers: { p50: { green: p50, blue: 0.02, periods: [5, 5], p: 0.4 } },
      },
      fleet: { verdict: 'healthy', because: 'up', numbers: {} },
      database: { verdict: 'healthy', because: 'calm', numbers: {} },
    },
    tests: [],
    cause: 'fine',
  }) as ResultOf<'ObserveGreen'>;

const shifted = (second: number, greenPercent: number) =>
  row(second, 'shift', 'ShiftTraffic', {
    shifted: true,
    waiting: false,
    greenPercent,
    closedSeconds: null,
    at: at(second),
    waitSeconds: 0,
    cause: '',
  });

it('draws the evidence look by look, green beside blue, with the moments at which users were moved', () => {
  const rows = [
    ...migrated,
    shifted(10, 10),
    row(15, 'shift', 'ObserveGreen', evidence([0, 50], 0.03)),
    shifted(18, 100),
    row(20, 'shift', 'ObserveGreen', evidence([2, 100], 0.01)),
  ];
  const report = reportOf('x', rows, live);
  expect(report.shifts.map(({ greenPercent }) => greenPercent)).toEqual([10, 100]);
  expect(report.series).toEqual([
    {
      name: 'requests that were judged',
      unit: 'requests',
      points: [
        { at: at(15), green: 50, blue: 100 },
        { at: at(20), green: 100, blue: 100 },
      ],
    },
    {
      name: 'requests that failed',
      unit: '%',
      points: [
        { at: at(15), green: 0, blue: 1 },
        { at: at(20), green: 2, blue: 1 },
      ],
    },
    {
      name: 'median response time',
      unit: 'ms',
      points: [
        { at: at(15), green: 30, blue: 20 },
        { at: at(20), green: 10, blue: 20 },
      ],
    },
  ]);
  const page = parsed(reportHtml(report));
  expect(page.texts('figcaption')).toEqual(report.series.map(({ name }) => name));
  expect(page.texts('figure')[1]).toContain('green at last 2 %, at most 2 %; blue at last 1 %, at most 1 %');
  expect(page.texts('figure')[1]).toMatch(/10 % on green\s*100 % on green/);
});

it('draws nothing of a kind that no look has numbers of', () => {
  const none = evidence([0, 0], 0.01);
  none.evidence.latency!.numbers = { periods: [1, 2] };
  const { series } = reportOf('x', [...migrated, row(15, 'shift', 'ObserveGreen', none)], live);
  expect(series.map(({ name }) => name)).toEqual(['requests that were judged']);
});

it('says who was asked what and answered how, what remains, and which execution went on', () => {
  const recovered = row(30, 'prepare', 'RecoverDeployment', {
    entry: 'finish',
    ...noVariables,
    lock: { service: 'shop', fence: 8 },
    deployment: { ...deployment, execution: 'arn:aws:states:eu-west-1:1:execution:m:x-recover-1' },
    cause: 'it was over (Reconcile, after StartGreen)',
  });
  const report = reportOf(
    'x',
    [
      ...migrated,
      row(10, 'approve', 'RequestApproval', {
        question: 'q',
        because: 'it is asked for',
        expiresAt: at(59),
      }),
      row(11, 'approve', 'RecordApproval', {
        approved: true,
        by: 'bob',
        reason: 'fine with me',
        at: at(11),
        cause: '',
      }),
      recovered,
      row(40, 'finish', 'CompleteDeployment', {
        outcome: 'DeploymentSucceeded',
        image: 'i',
        live: 'b',
        remark: 'contract migrations 3 were left for the next release',
        report: '',
      }),
    ],
    live,
  );
  expect(report.summary).toBe('shop:v2 is live.');
  const said = reportText(report).split('\n');
  expect(said).toEqual(
    expect.arrayContaining([
      'asked       about the deployment (it is asked for): bob approved: fine with me',
      `resumed     2026-11-21 10:00:30 UTC in arn:aws:states:eu-west-1:1:execution:m:x-recover-1: it was over (Reconcile, after StartGreen)`,
      'remains     contract migrations 3 were left for the next release',
      'migration   2: expand; locks: ACCESS EXCLUSIVE on public.orders',
    ]),
  );
  const page = parsed(reportHtml(report));
  expect(page.links).toEqual([
    'https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn%3Aaws%3Astates%3Aeu-west-1%3A1%3Aexecution%3Am%3Ax-recover-1',
  ]);
  expect(page.texts('tr')).toContain('2expandACCESS EXCLUSIVE on public.ordersreads and writes');
});

it.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/s3/object/b?region=eu-west-1&prefix=r%2Fx.html'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/s3/object/b?region=cn-north-1&prefix=r%2Fx.html'],
  [
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/b?region=us-gov-west-1&prefix=r%2Fx.html',
  ],
])('an object has a page in the console of %s', (region, page) =>
  expect(objectPage(region, { Bucket: 'b', Key: 'r/x.html' })).toBe(page),
);

it('an object of a cloud that is not AWS has a page there', () => {
  const page = objectPage('eu-west-1', { Bucket: 'b', Key: 'r/x.html' }, 'http://127.0.0.1:4566');
  expect(page).toBe('http://127.0.0.1:4566/s3/object/b?region=eu-west-1&prefix=r%2Fx.html');
});
