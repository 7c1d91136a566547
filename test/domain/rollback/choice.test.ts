import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cellOf,
  chooseRollback,
  halfApplied,
  type RollbackFacts,
  revertProblem,
  schemaProblem,
} from '../../../src/domain/rollback/choice';
import { type Action, type Cell, cells, rowOf, rows } from '../../../src/domain/rollback/table';
import { rollbackPage } from '../../../src/domain/rollback/table-page';

const root = join(__dirname, '..', '..', '..');
const all = cells();
const where = (part: Partial<Cell>) =>
  all.filter((cell) => Object.entries(part).every(([name, value]) => cell[name as keyof Cell] === value));
const actions = (part: Partial<Cell>) => [...new Set(where(part).map((cell) => rowOf(cell).action))].sort();

describe('the table of every rollback', () => {
  it('decides each of its cells, and has no row that decides none', () => {
    expect(all).toHaveLength(5 * 3 * 2 * 5 * 3 * 2 * 2);
    expect(new Set(all.map(rowOf))).toEqual(new Set(rows));
  });

  it.each<[string, Partial<Cell>, Action[]]>([
    ['never goes back behind the contract migrations', { reached: 'contract' }, ['operator']],
    [
      'waits for a schema that it cannot read',
      { shows: 'unreadable', migrations: 'fit', reached: 'shift' },
      ['wait'],
    ],
    [
      'waits for a server that still works',
      { shows: 'working', migrations: 'fit', reached: 'expand' },
      ['wait'],
    ],
    [
      'touches no schema that is as before',
      { shows: 'as before', migrations: 'fit', reached: 'expand', starts: 'perhaps' },
      ['keep'],
    ],
    [
      'never says of a previous version that cannot start that it serves',
      { starts: 'no', migrations: 'fit', writes: 'possible', shows: 'as before', reached: 'deploy' },
      ['operator'],
    ],
    [
      'takes back what keeps the previous version from starting, also unasked',
      {
        starts: 'no',
        reached: 'shift',
        migrations: 'fit',
        writes: 'possible',
        shows: 'applied',
        downs: 'lose nothing',
        revertSchema: 'no',
      },
      ['revert'],
    ],
    [
      'leaves it to a person where that would lose data',
      {
        starts: 'no',
        reached: 'deploy',
        migrations: 'fit',
        writes: 'possible',
        shows: 'applied',
        downs: 'lose data',
      },
      ['operator'],
    ],
    [
      'says that nothing was changed when no migration ran',
      { shows: 'as before', migrations: 'fit', reached: 'start', writes: 'possible' },
      ['reject'],
    ],
    [
      'restores what a migration changed while nobody could write',
      { shows: 'applied', writes: 'impossible', migrations: 'break', reached: 'deploy' },
      ['restore'],
    ],
    [
      'keeps a schema that the previous version works on',
      {
        reached: 'shift',
        migrations: 'fit',
        writes: 'possible',
        shows: 'applied',
        starts: 'perhaps',
        revertSchema: 'no',
      },
      ['keep'],
    ],
    [
      'takes it back only when that loses nothing',
      {
        reached: 'deploy',
        migrations: 'fit',
        writes: 'possible',
        shows: 'applied',
        revertSchema: 'yes',
        downs: 'lose data',
        starts: 'perhaps',
      },
      ['keep'],
    ],
    [
      'takes it back where that was asked for',
      {
        reached: 'deploy',
        migrations: 'fit',
        writes: 'possible',
        shows: 'applied',
        revertSchema: 'yes',
        downs: 'lose nothing',
      },
      ['revert'],
    ],
    [
      'gives no traffic to a version that the schema no longer fits',
      { reached: 'shift', migrations: 'break', writes: 'possible', shows: 'applied' },
      ['operator'],
    ],
    [
      'takes a half-applied run back',
      { reached: 'expand', migrations: 'fit', writes: 'possible', shows: 'applied', downs: 'lose nothing' },
      ['revert'],
    ],
    [
      'leaves a half-applied run whose rollback loses data to a person',
      { reached: 'expand', migrations: 'fit', writes: 'possible', shows: 'applied', downs: 'lose data' },
      ['operator'],
    ],
    [
      'leaves a half-applied run without a rollback to a person',
      { reached: 'expand', migrations: 'fit', writes: 'possible', shows: 'applied', downs: 'none' },
      ['operator'],
    ],
    [
      'leaves what nobody recorded to a person',
      { reached: 'expand', migrations: 'fit', writes: 'possible', shows: 'unrecorded' },
      ['operator'],
    ],
  ])('%s', (_, part, expected) => expect(actions(part)).toEqual(expected));

  it('restores in no cell in which somebody could have written since the snapshot', () =>
    expect(actions({ writes: 'possible' })).not.toContain('restore'));

  it('reverts in no cell in which that loses data, has no script, or is not seen to be needed', () => {
    for (const part of [{ downs: 'lose data' }, { downs: 'none' }] as const)
      expect(actions(part)).not.toContain('revert');
    for (const shows of ['unreadable', 'working', 'as before', 'unrecorded'] as const)
      expect([shows, actions({ shows, reached: 'deploy' }).includes('revert')]).toEqual([shows, false]);
  });

  it('is documented as it is; npm run -s rollbacks > docs/rollback.md writes the page anew', () =>
    expect(readFileSync(join(root, 'docs', 'rollback.md'), 'utf8')).toBe(rollbackPage()));

  it('names scenarios that there are', () => {
    const texts = ['rollbacks', 'releases', 'contract', 'maintenance', 'trial'].flatMap((name) => {
      try {
        return readFileSync(join(root, 'test', 'scenarios', `${name}.test.ts`), 'utf8');
      } catch {
        return [];
      }
    });
    for (const { shown } of rows)
      if ('scenario' in shown)
        expect([shown.scenario, texts.some((text) => text.includes(shown.scenario))]).toEqual([
          shown.scenario,
          true,
        ]);
  });
});

const before = { fingerprint: 'f0', applied: ['1', '2'] };
const more = { fingerprint: 'f1', applied: ['1', '2', '3'] };
const facts: RollbackFacts = {
  started: true,
  migrated: false,
  usersOnGreen: false,
  contracted: false,
  before,
  now: before,
  liveBackends: 0,
  downs: 'lose nothing',
  cannotStart: null,
  revertSchema: false,
  tool: 'dbmate',
  pending: ['3', '4'],
};

it.each<[string, Partial<RollbackFacts>, Partial<Cell>]>([
  ['no migration', { before: undefined }, { migrations: 'none' }],
  ['a task that never started', { started: false }, { reached: 'start', shows: 'as before' }],
  ['a run that left nothing', {}, { reached: 'expand', shows: 'as before' }],
  ['half a run', { now: more }, { reached: 'expand', shows: 'applied' }],
  ['a verified migration', { migrated: true, now: more }, { reached: 'deploy' }],
  ['users on green', { migrated: true, usersOnGreen: true, now: more }, { reached: 'shift' }],
  ['contract migrations', { contracted: true }, { reached: 'contract' }],
  ['a schema that nobody recorded', { now: { ...before, fingerprint: 'f1' } }, { shows: 'unrecorded' }],
  ['no view of the database', { now: undefined }, { shows: 'unreadable' }],
  ['a previous version that cannot start', { cannotStart: 'it crashes' }, { starts: 'no' }],
  ['a server that still works', { liveBackends: 1 }, { shows: 'working' }],
  [
    'a closed service',
    { now: more, window: { opened: false, fitsBlue: false, sameData: false } },
    { writes: 'impossible', migrations: 'break' },
  ],
  [
    'rows that a closed service did not write',
    { window: { opened: false, fitsBlue: true, sameData: false } },
    { shows: 'unrecorded' },
  ],
  [
    'a service that was opened again',
    { window: { opened: true, fitsBlue: true, sameData: false } },
    { writes: 'possible', migrations: 'fit' },
  ],
])('reads %s from the facts', (_, difference, cell) =>
  expect(cellOf({ ...facts, ...difference })).toMatchObject(cell),
);

it('reverts down to the newest migration of before, or to nothing, by the name that the tool has for it', () => {
  expect(chooseRollback({ ...facts, now: more })).toMatchObject({
    action: 'revert',
    keepNewest: '2',
    applied: ['3'],
  });
  const fresh = { ...facts, before: { fingerprint: 'f0', applied: [] }, now: more };
  expect(chooseRollback(fresh)).toMatchObject({ keepNewest: '0' });
  expect(chooseRollback({ ...fresh, tool: 'alembic' })).toMatchObject({ keepNewest: 'base' });
});

it('suspects the first migration that was to be applied where the schema changed and nothing was recorded', () => {
  expect(halfApplied({ ...facts, now: { ...before, fingerprint: 'f1' } })).toBe('3');
  expect(halfApplied(facts)).toBeUndefined();
  expect(halfApplied({ ...facts, now: more })).toBeUndefined();
  expect(halfApplied({ ...facts, now: undefined })).toBeUndefined();
});

it('is content with a rollback only when exactly the wanted migration is the newest', () => {
  expect(revertProblem(['1', '2'], '2')).toBeUndefined();
  expect(revertProblem([], '0')).toBeUndefined();
  expect(revertProblem([], 'base')).toBeUndefined();
  expect(revertProblem(['1'], '0')).toContain('the newest applied migration is 1, expected 0');
  expect(revertProblem(['1', '2', '3'], '2')).toContain('the newest applied migration is 3, expected 2');
  expect(revertProblem([], '2')).toContain('the newest applied migration is none, expected 2');
});

it('finds each way in which a schema is not what a rollback promises', () => {
  expect(schemaProblem(before, before, false)).toBeUndefined();
  expect(schemaProblem(before, more, true)).toBeUndefined();
  expect(schemaProblem(before, more, false)).toBe('migrations 3 are still applied');
  expect(schemaProblem(before, { fingerprint: 'f0', applied: ['1'] }, true)).toBe(
    'migrations 2 are no longer in the history table',
  );
  expect(schemaProblem(before, { ...before, fingerprint: 'f1' }, false)).toBe(
    'the schema differs from what it was before the deployment',
  );
});

it('takes the head that replaces another for what a tool records that keeps no other', () => {
  const head = { fingerprint: 'f0', applied: ['c3'], upTo: ['c3'] };
  const next = { fingerprint: 'f1', applied: ['d4'], upTo: ['d4'] };
  expect(schemaProblem(head, next, true)).toBeUndefined();
  expect(schemaProblem(head, next, false)).toBe('migrations d4 are still applied');
  expect(schemaProblem(head, { ...next, applied: [], upTo: [] }, true)).toBe(
    'migrations c3 are no longer in the history table',
  );
});
