import { migrationsOf } from '../../../src/domain/page/migrations';
import { newsOf } from '../../../src/domain/report/steps';
import { JOURNAL_VERSION, type JournalRow } from '../../../src/domain/results/row';

const at = (second: number) => `2026-11-30T10:00:${String(second).padStart(2, '0')}.000Z`;
const rowsOf = (...steps: [string, unknown][]): JournalRow[] =>
  steps.map(([step, result], second) => ({
    ...{ step, phase: 'expand', at: at(second), version: JOURNAL_VERSION },
    result: JSON.parse(JSON.stringify(result)),
  }));

const plan = {
  ...{ decision: 'none', pending: [], contract: [], strategies: [], classes: {}, remarks: [], cause: '' },
};
const started = (round: string) => ({
  ...{ started: true, waitSeconds: 1, cause: '' },
  migration: { round, task: `task/${round}`, essential: ['shop'], startedAt: at(0) },
});
const looked = (round: string, status: string) => ({
  ...{ round, status, exitCodes: { shop: 0 }, waitSeconds: 0, cause: `${round} ${status}` },
});
const verified = (round: string, next: string | null, findings: object[] = [], ok = true) => ({
  ...{ round, next, waitSeconds: 0, verified: ok, level: 'basic', fingerprint: 'f', findings, cause: '' },
});
const found = { check: 'seeds', status: 'failed', detail: 'a second run of the seeds changed hints' };

const rows = rowsOf(
  ['AnalyseMigrations', { plan, migrations: [], cause: '' }],
  ['VerifyMigration', verified('seed', 'run')],
  ['StartMigration', started('seed')],
  ['CheckMigration', looked('seed', 'running')],
  ['CheckMigration', looked('seed', 'succeeded')],
  ['VerifyMigration', verified('seed-again', 'run')],
  ['StartMigration', started('seed-again')],
  ['CheckMigration', looked('seed-again', 'succeeded')],
  ['VerifyMigration', verified('seed-again', 'wait')],
  ['VerifyMigration', verified('seed-again', null, [found], false)],
  ['RevertMigration', { started: true, revert: { ...started('unseed').migration }, cause: '' }],
  ['CheckRevert', { round: 'unseed', status: 'more', waitSeconds: 0, cause: 'gone' }],
);

it('shows each run of the seeds, and taking them back, as a run of its own', () => {
  const runs = migrationsOf(rows)?.runs.map(({ what, state, said, began, ended }) => [
    what,
    state,
    said,
    began,
    ended,
  ]);
  expect(runs).toEqual([
    ['seeds', 'succeeded', 'seed succeeded', at(2), at(4)],
    ['seeds once more', 'succeeded', 'seed-again succeeded', at(6), at(7)],
    ['taking seeds back', 'succeeded', 'gone', at(10), at(11)],
  ]);
});

it('says in the report what runs, what is waited for and what was found', () => {
  expect(newsOf(rows, 1).map(({ step, said }) => `${step}: ${said}`)).toEqual([
    'VerifyMigration: the run of the seeds is next',
    'StartMigration: the run of the seeds: task/seed',
    'CheckMigration: seed running',
    'CheckMigration: seed succeeded',
    'VerifyMigration: the second run of the seeds is next',
    'StartMigration: the second run of the seeds: task/seed-again',
    'CheckMigration: seed-again succeeded',
    'VerifyMigration: it is looked who else writes to what the second run of the seeds has changed',
    'VerifyMigration: 1 of 1 checks failed',
    'RevertMigration: taking the seeds back: task/unseed',
    'CheckRevert: gone',
  ]);
});
