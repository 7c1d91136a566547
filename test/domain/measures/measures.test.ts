import type { Deployment } from '../../../src/domain/deployment/deployment';
import { beyondDeadline, limitsOf } from '../../../src/domain/measures/deadlines';
import { measuresOf } from '../../../src/domain/measures/deployment';
import { embedded } from '../../../src/domain/measures/measure';
import type { ResultOf, StepName } from '../../../src/domain/results';
import type { JournalRow } from '../../../src/domain/results/row';

const moment = (second: number) => new Date(Date.UTC(2026, 0, 30, 10, 0, 0) + second * 1000);
const at = (second: number) => moment(second).toISOString();
const row = (second: number, phase: string, step: string, result: unknown = {}): JournalRow => ({
  ...{ step, phase, at: at(second), result },
});
const said = <Step extends StepName>(second: number, phase: string, step: Step, result: ResultOf<Step>) =>
  row(second, phase, step, result);

const deadlines = {
  ...{ lockSeconds: 60, snapshotSeconds: 600, migrationSeconds: 300, contractSeconds: 300 },
  ...{ greenSeconds: 120, evidenceSeconds: 600, rollbackSeconds: 180, pauseSeconds: 86_400 },
};
const deployment = { settings: { service: 'shop', deadlines } } as unknown as Deployment;
const validated = said(0, 'prepare', 'ValidateRequest', { valid: true, deployment, cause: '' });
const waitFor = (waitSeconds: number) => ({ waitSeconds });

/** A look at green by which so many of its requests failed. */
const look = (second: number, failed: number, verdict: 'healthy' | 'unhealthy' = 'healthy') => {
  const piece = { verdict, because: '', numbers: { green: [failed, 1000] } };
  return said(second, 'shift', 'ObserveGreen', {
    ...{ verdict, next: 'wait', waitSeconds: 1, decides: 'automatic', warnings: [], tests: [], cause: '' },
    evidence: { errors: piece, fleet: piece, database: piece },
  });
};
const returned = (second: number, is: boolean) =>
  said(second, 'return', 'ReturnTraffic', {
    ...{ returned: is, waiting: !is, closedSeconds: null, at: at(second), waitSeconds: 0, cause: '' },
  });

describe('what a deployment has measured at its end', () => {
  const ended = (rows: JournalRow[], second: number, outcome = 'RolledBack') =>
    measuresOf(rows, { outcome, now: moment(second) });

  it('counts its outcome, under its service, and how long it was in each phase', () => {
    const rows = [validated, row(10, 'expand', 'StartMigration'), row(40, 'shift', 'ShiftTraffic')];
    expect(ended(rows, 100, 'DeploymentSucceeded')).toEqual({
      service: 'shop',
      measures: {
        DeploymentSucceeded: 1,
        ...{ PrepareSeconds: 10, ExpandSeconds: 30, ShiftSeconds: 60, DeploymentSeconds: 100 },
      },
    });
  });

  it('adds up a phase that was entered twice', () => {
    const rows = [validated, row(10, 'deploy', 'StartGreen'), row(15, 'prepare', 'RecoverDeployment')];
    expect(ended(rows, 20).measures).toMatchObject({ PrepareSeconds: 15, DeploySeconds: 5 });
  });

  it('measures from the look that convicted green to all users on blue, and not to a try that came to nothing', () => {
    const rows = [validated, look(10, 0), look(20, 90, 'unhealthy'), returned(22, false), returned(25, true)];
    expect(ended(rows, 60).measures).toMatchObject({ VerdictToBlueSeconds: 5 });
    expect(ended([validated, look(20, 0)], 60).measures).not.toHaveProperty('VerdictToBlueSeconds');
  });

  it('adds up what users of green have lost at each share, as the last look at it says', () => {
    const shift = (second: number) => row(second, 'shift', 'ShiftTraffic');
    const rows = [validated, shift(1), look(10, 2), look(20, 3), shift(30), look(40, 0), look(50, 70)];
    expect(ended(rows, 60).measures).toMatchObject({ LostRequests: 73 });
    expect(ended([validated, shift(1), look(10, 0)], 60).measures).toMatchObject({ LostRequests: 0 });
    expect(ended([validated], 60).measures).not.toHaveProperty('LostRequests');
  });

  it('leaves out what was before an earlier end, as before the rollback of a release', () => {
    const rows = [
      validated,
      row(10, 'finish', 'CompleteDeployment'),
      row(5000, 'prepare', 'RecoverDeployment'),
    ];
    expect(ended(rows, 5003).measures).toEqual({ RolledBack: 1, PrepareSeconds: 3, DeploymentSeconds: 3 });
  });

  it('is the same when the step that ends it is tried again after it has written its row', () => {
    const rows = [validated, row(10, 'shift', 'ShiftTraffic')];
    const written = [...rows, row(30, 'conclude', 'ReleaseLock')];
    expect(ended(written, 30)).toEqual(ended(rows, 30));
  });

  it('has no service, and is counted all the same, where the request was not understood', () => {
    const refused = said(0, 'prepare', 'ValidateRequest', { valid: false, deployment: null, cause: 'no' });
    expect(ended([refused], 1, 'DeploymentRejected')).toEqual({
      service: undefined,
      measures: { DeploymentRejected: 1, PrepareSeconds: 1, DeploymentSeconds: 1 },
    });
  });

  it('counts the phases that were beyond their deadline', () => {
    const rows = [
      validated,
      row(10, 'deploy', 'StartGreen', waitFor(1)),
      row(131, 'deploy', 'CheckGreen', { status: 'unhealthy', waitSeconds: 0 }),
    ];
    expect(ended(rows, 140).measures).toMatchObject({ PhasesBeyondDeadline: 1 });
    expect(ended(rows.slice(0, 2), 20).measures).not.toHaveProperty('PhasesBeyondDeadline');
  });
});

describe('a phase beyond its deadline', () => {
  const late = (rows: JournalRow[], second: number) =>
    beyondDeadline(rows, limitsOf([validated])!, moment(second));

  it.each<[string, JournalRow[], number, string[]]>([
    [
      'a migration within its time',
      [row(0, 'expand', 'StartMigration'), row(300, 'expand', 'CheckMigration')],
      900,
      [],
    ],
    [
      'a migration that was seen after its time',
      [row(0, 'expand', 'StartMigration'), row(301, 'expand', 'CheckMigration')],
      900,
      ['expand'],
    ],
    [
      'a look that was entered in time and gave up beyond it',
      [
        row(0, 'expand', 'StartMigration'),
        row(300, 'expand', 'CheckMigration', { cause: 'it runs for 5 minutes', waitSeconds: 25 }),
        row(301, 'return', 'ReturnTraffic'),
      ],
      900,
      ['expand'],
    ],
    [
      'a look that gave up early',
      [
        row(0, 'expand', 'StartMigration'),
        row(60, 'expand', 'CheckMigration', { cause: 'exit code 1' }),
        row(61, 'return', 'ReturnTraffic'),
      ],
      900,
      [],
    ],
    [
      'a migration whose next look does not come',
      [row(0, 'expand', 'StartMigration'), row(60, 'expand', 'CheckMigration', waitFor(60))],
      301,
      ['expand'],
    ],
    [
      'a trial that is looked at between two looks at green',
      [
        row(0, 'deploy', 'StartGreen', waitFor(1)),
        row(50, 'deploy', 'CheckGreen', waitFor(10)),
        row(60, 'deploy', 'CheckTrial', waitFor(10)),
        row(121, 'deploy', 'CheckGreen', waitFor(0)),
      ],
      130,
      ['deploy'],
    ],
    [
      'two shares of the traffic, each of which waited for tasks in its own time',
      [
        row(0, 'shift', 'ShiftTraffic', waitFor(10)),
        row(100, 'shift', 'ShiftTraffic', waitFor(0)),
        row(200, 'shift', 'ShiftTraffic', waitFor(10)),
        row(300, 'shift', 'ShiftTraffic', waitFor(0)),
      ],
      400,
      [],
    ],
    [
      'one share that waited for tasks for too long',
      [row(0, 'shift', 'ShiftTraffic', waitFor(10)), row(121, 'shift', 'ShiftTraffic', waitFor(0))],
      130,
      ['shift'],
    ],
    ['people who are waited for', [row(0, 'approve', 'RequestApproval', waitFor(10))], 80_000, []],
    [
      'a phase that waits too long twice, once',
      [
        row(0, 'return', 'ReturnTraffic', waitFor(10)),
        row(200, 'return', 'ReturnTraffic', waitFor(0)),
        row(200, 'return', 'ReturnWorkers', waitFor(10)),
        row(400, 'return', 'ReturnWorkers', waitFor(0)),
      ],
      500,
      ['return'],
    ],
  ])('%s', (_, rows, second, expected) => expect(late(rows, second)).toEqual(expected));

  it('is not told of a request that was not understood, or of rows of another shape', () => {
    expect(limitsOf([row(0, 'prepare', 'ValidateRequest', { cut: 200_000 })])).toBeUndefined();
  });
});

it('a line makes a metric of all services and of the one, in its unit', () => {
  const about = { workflow: 'Shop', service: 'shop', at: moment(0) };
  expect(embedded({ RolledBack: 1, ShiftSeconds: 2.5 }, about)).toEqual({
    _aws: {
      Timestamp: moment(0).getTime(),
      CloudWatchMetrics: [
        {
          Namespace: 'Greenlight/Shop',
          Dimensions: [[], ['Service']],
          Metrics: [
            { Name: 'RolledBack', Unit: 'Count' },
            { Name: 'ShiftSeconds', Unit: 'Seconds' },
          ],
        },
      ],
    },
    Service: 'shop',
    RolledBack: 1,
    ShiftSeconds: 2.5,
  });
  const { _aws, ...members } = embedded({ FunctionErrors: 1 }, { ...about, service: undefined });
  expect(members).toEqual({ FunctionErrors: 1 });
  expect(_aws.CloudWatchMetrics[0]?.Dimensions).toEqual([[]]);
});
