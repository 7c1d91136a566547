import type { Deployment } from '../../../src/domain/deployment/deployment';
import { checklistOf } from '../../../src/domain/report/checklist';
import { checklistMarkdown } from '../../../src/domain/report/checklist/markdown';
import { type Known, TIMES } from '../../../src/domain/report/checklist/point';
import type { ServiceStatus } from '../../../src/domain/report/status';
import type { StepName } from '../../../src/domain/results';
import type { JournalRow } from '../../../src/domain/results/row';

const AT = '2026-11-21T10:00:00.000Z';
const row = (step: StepName, result: object): JournalRow => ({ step, phase: 'prepare', at: AT, result });

const asked = (promotion: object | null) =>
  row('ValidateRequest', {
    valid: true,
    cause: '',
    deployment: {
      id: 'v2',
      image: 'shop@sha256:abc',
      settings: { service: 'shop', environment: 'production', promotion },
    } as unknown as Deployment,
  });
const analysed = (decision: 'none' | 'run' | 'refuse', cause = '') =>
  row('AnalyseMigrations', {
    plan: {
      decision,
      pending: decision === 'none' ? [] : ['1'],
      contract: [],
      classes: {},
      remarks: [],
      strategies: [],
      cause,
    },
    migrations: [],
    cause,
  });
const observed = (verdict: 'healthy' | 'unhealthy') =>
  row('ObserveGreen', {
    verdict,
    next: verdict === 'healthy' ? 'shift' : 'return',
    waitSeconds: 0,
    decides: 'automatic',
    warnings: [],
    evidence: {
      fleet: { verdict: 'healthy', because: '', numbers: {} },
      database: { verdict: 'healthy', because: '', numbers: {} },
    },
    tests: [],
    cause: verdict === 'healthy' ? '' : '5 of 100 requests failed',
  });
const moved = (greenPercent: number) =>
  row('ShiftTraffic', {
    shifted: true,
    waiting: false,
    greenPercent,
    closedSeconds: null,
    at: AT,
    waitSeconds: 0,
    cause: '',
  });
const ending = (step: 'CompleteDeployment' | 'ReleaseLock') =>
  step === 'CompleteDeployment'
    ? row(step, { outcome: 'DeploymentSucceeded', image: 'shop:v2', live: 'b', remark: '', report: '' })
    : row(step, { outcome: 'RolledBack', cause: 'c', report: '' });
const status: ServiceStatus = {
  service: 'shop',
  environment: 'production',
  live: { slot: 'a', image: null, since: null, deployment: null },
  weights: { a: 100, b: 0 },
  tasks: [],
  closedSince: null,
  deployment: null,
  waiting: [],
  remains: '',
  rollback: { possible: true, until: AT, warmUntil: null },
};

const stateOf = (what: string, known: Known) => {
  const point = checklistOf(known).find((one) => one.what.includes(what));
  return [point?.state, point?.says];
};
const tried = (verdict: 'ok' | 'warns' | 'fails' | 'undone') =>
  (['fresh', 'again', 'incremental', 'rollback', 'interrupted', 'two-at-once', 'volume'] as const).map(
    (attempt) => ({ attempt, verdict, migration: null, file: null, message: 'so it was' }),
  );

test('of what nobody knows every point is open, and says how it is shown, or is for people', () => {
  const points = checklistOf({});
  expect(new Set(points.map(({ state }) => state))).toEqual(new Set(['open', 'people']));
  expect([...new Set(points.map(({ at }) => at))]).toEqual([...TIMES]);
  expect(points.filter(({ state, says }) => state === 'open' && says === '')).toEqual([]);
  for (const at of TIMES)
    expect(points.some((point) => point.at === at && point.state === 'people')).toBe(true);
});

const cases: [what: string, known: Known, state: string, says: RegExp][] = [
  ['was read', { files: { migrations: 3, stopping: [] } }, 'proven', /^3 were read/],
  [
    'was read',
    { files: { migrations: 3, stopping: ['a.sql:1: no', 'b'] } },
    'not so',
    /^a\.sql:1: no, and 1 more$/,
  ],
  ['was read', { rows: [analysed('refuse', 'it drops a column')] }, 'not so', /^it drops a column$/],
  ['was read', { rows: [analysed('run')] }, 'proven', /^1 are pending/],
  [
    'were tried',
    { tried: tried('ok') },
    'proven',
    /^fresh, again, incremental, interrupted, two-at-once went well$/,
  ],
  ['were tried', { tried: tried('warns') }, 'proven', /with 5 warnings$/],
  ['were tried', { tried: tried('fails') }, 'not so', /^fresh: so it was$/],
  ['were tried', { tried: tried('undone') }, 'open', /^fresh was not tried: so it was$/],
  [
    'were tried',
    { tried: tried('ok').slice(0, 2) },
    'open',
    /^incremental, interrupted, two-at-once was not tried/,
  ],
  [
    'were tried',
    { tried: [...tried('ok'), { ...tried('fails')[0]!, attempt: 'seeds' as const }] },
    'not so',
    /^seeds: so it was$/,
  ],
  ['were tried', { rows: [analysed('none')] }, 'proven', /migrates nothing/],
  ['were tried', { rows: [analysed('run')] }, 'open', /greenlight try --json/],
  ['their rollback', { tried: tried('fails') }, 'not so', /^rollback/],
  ['timed on', { tried: tried('ok') }, 'proven', /^volume went well$/],
  [
    'environment before',
    { rows: [asked({ after: 'staging' })] },
    'proven',
    /^shop@sha256:abc has succeeded in staging$/,
  ],
  ['environment before', { rows: [asked(null)] }, 'open', /production names no environment/],
  [
    'environment before',
    { rows: [row('ValidateRequest', { valid: false, deployment: null, cause: 'not there' })] },
    'not so',
    /^not there$/,
  ],
  ['hears them', { obstacles: [] }, 'proven', /subscribers/],
  [
    'hears them',
    { obstacles: [{ about: 'people', weight: 'risks', says: 'nobody would hear' }] },
    'not so',
    /^nobody/,
  ],
  ['stands in the way', { obstacles: [{ about: 'people', weight: 'risks', says: 'x' }] }, 'proven', /doctor/],
  [
    'stands in the way',
    {
      obstacles: [
        { about: 'tasks', weight: 'risks', says: 'r' },
        { about: 'traffic', weight: 'stops', says: 's' },
      ],
    },
    'not so',
    /^s$/,
  ],
  [
    'stands in the way',
    { obstacles: [{ about: 'tasks', weight: 'unseen', says: 'denied' }] },
    'open',
    /^denied$/,
  ],
  ['else is at work', { status }, 'proven', /^slot a serves, weights/],
  ['else is at work', { status: { ...status, closedSince: AT } }, 'not so', /maintenance page/],
  ['else is at work', { status: { ...status, weights: 'it forwards to nobody' } }, 'not so', /nobody$/],
  [
    'else is at work',
    { status: { ...status, deployment: { name: 'other', state: 'runs' } as never } },
    'not so',
    /^other runs$/,
  ],
  [
    'else is at work',
    {
      status: { ...status, deployment: { name: 'own', state: 'runs' } as never },
      rows: [row('InspectLive', { asRecorded: true, live: null, cause: '' })],
    },
    'proven',
    /as recorded/,
  ],
  [
    'else is at work',
    {
      status: { ...status, deployment: { name: 'other', state: 'runs' } as never },
      rows: [
        row('InspectLive', { asRecorded: true, live: null, cause: '' }),
        row('ReleaseLock', { outcome: 'PlanReported', cause: '', report: '' }),
      ],
    },
    'not so',
    /^other runs$/,
  ],
  [
    'a deployment window',
    {
      rows: [
        row('ChooseStrategy', {
          ...{ chosen: false, deployment: null, because: '', warnings: [], approval: null, cause: '' },
          begins: { may: 'not', because: 'no deployment window is open' },
        }),
      ],
    },
    'not so',
    /^no deployment window is open$/,
  ],
  [
    'a deployment window',
    {
      rows: [
        row('AwaitWindow', {
          ...{ status: 'open', opensAt: null, announcedFor: null, waitSeconds: 0 },
          cause: 'it may begin until then',
        }),
      ],
    },
    'proven',
    /^it may begin until then$/,
  ],
  [
    'has approved',
    { rows: [row('RecordApproval', { approved: true, by: 'anna', reason: 'yes', at: AT, cause: '' })] },
    'proven',
    /^anna approved: yes$/,
  ],
  [
    'has approved',
    { rows: [row('RecordApproval', { approved: false, by: 'anna', reason: 'no', at: AT, cause: '' })] },
    'not so',
    /^anna rejected: no$/,
  ],
  [
    'has approved',
    {
      rows: [
        row('ChooseStrategy', {
          chosen: true,
          deployment: null,
          because: '',
          warnings: [],
          approval: { needed: false, because: '' },
          cause: '',
        }),
      ],
    },
    'proven',
    /asks nobody/,
  ],
  [
    'snapshot',
    {
      rows: [
        row('SnapshotDatabase', { snapshot: { name: 'gl-1', startedAt: AT }, waitSeconds: 0, cause: '' }),
        row('CheckSnapshot', { status: 'available', progress: 100, waitSeconds: 0, cause: '' }),
      ],
    },
    'proven',
    /^gl-1 of 2026-11-21 10:00:00 UTC is available$/,
  ],
  [
    'snapshot',
    { rows: [row('CheckSnapshot', { status: 'failed', progress: 0, waitSeconds: 0, cause: 'no space' })] },
    'not so',
    /^no space$/,
  ],
  ['snapshot', { rows: [analysed('none')] }, 'proven', /^not needed/],
  ['on evidence', { rows: [moved(100), observed('healthy')] }, 'proven', /100 % of the users/],
  ['on evidence', { rows: [moved(10), observed('healthy')] }, 'open', /shows it/],
  ['on evidence', { rows: [moved(10), observed('unhealthy')] }, 'not so', /^5 of 100/],
  ['ended well', { rows: [ending('CompleteDeployment')] }, 'proven', /Succeeded/],
  ['ended well', { rows: [ending('ReleaseLock')] }, 'not so', /RolledBack/],
  ['taken back', { status }, 'proven', /^a rollback is possible until 2026-11-21/],
  [
    'taken back',
    { status: { ...status, rollback: { possible: false, because: 'the window is over' } } },
    'not so',
    /over$/,
  ],
];
test.each(cases)('%s: %#', (what, known, state, says) => {
  expect(stateOf(what, known)).toEqual([state, expect.stringMatching(says)]);
});

test('Markdown has a task for each point, ticked where it was proven, and text that is nothing but text', () => {
  const page = checklistMarkdown(
    checklistOf({ files: { migrations: 1, stopping: ['db/1_*x*.sql:1: <b>'] }, status }),
  );
  expect(page).toMatch(/^2 of 25 proven, 1 not so, 15 open, 7 for people\n/);
  expect(page).toContain('- [ ] **not so**: every pending migration was read');
  expect(page).toContain('db/1\\_\\*x\\*.sql:1: &lt;b&gt;');
  expect(page).toContain('on tables of production&#39;s size');
  expect(page).toContain('- [x] it can still be taken back');
  expect(page.match(/^- \[[ x]\] /gm)).toHaveLength(25);
});
