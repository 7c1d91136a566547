import { fitsBlue, judgeWriters, windowLength } from '../../../src/domain/database/maintenance-window';
import { aboutData, allot, dataProblem } from '../../../src/domain/database/row-record';
import { chooseRollback } from '../../../src/domain/rollback/choice';

const quiet = { kept: [], tasks: 0, sessions: {}, late: undefined };

it.each([
  ['nobody is left', quiet, 'stopped'],
  ['a slot still receives requests', { ...quiet, kept: ['shop-a keeps running'] }, 'stopping'],
  ['tasks are stopping', { ...quiet, tasks: 1 }, 'stopping'],
  ['somebody is connected', { ...quiet, sessions: { psql: 1 } }, 'stopping'],
  ['somebody stays connected for too long', { ...quiet, sessions: { psql: 1 }, late: '60 s' }, 'refused'],
])('when %s, writers are judged', (_case, writers, status) => {
  expect(judgeWriters(writers)).toMatchObject({ status });
});

it('measures the window in whole seconds, and none where the service was not closed', () => {
  expect(windowLength('2026-05-01T12:00:00.000Z', new Date('2026-05-01T12:01:30.400Z'))).toBe(90);
  expect(windowLength(null, new Date())).toBeNull();
});

it.each([
  [{ strategies: ['CANARY' as const, 'MAINTENANCE' as const], classes: { contract: 1 } }, true],
  [{ strategies: ['MAINTENANCE' as const], classes: { 'expand-slow': 1 } }, true],
  [{ strategies: ['MAINTENANCE' as const], classes: { expand: 1, contract: 1 } }, false],
  [{ strategies: ['MAINTENANCE' as const], classes: { irreversible: 1 } }, false],
  [{ strategies: ['MAINTENANCE' as const], classes: { opaque: 1 } }, false],
])('knows whether the previous version fits what %j leaves', (plan, fits) => {
  expect(fitsBlue(plan)).toBe(fits);
});

describe('the rollback of a closed service', () => {
  const before = { fingerprint: 'f0', applied: ['1'] };
  const migrated = { fingerprint: 'f1', applied: ['1', '2'] };
  const choose = (
    now: typeof before | undefined,
    window: { opened: boolean; fitsBlue: boolean; sameData: boolean | undefined },
    more = {},
  ) =>
    chooseRollback({
      started: true,
      migrated: now === migrated,
      before,
      now,
      liveBackends: 0,
      usersOnGreen: window.opened,
      contracted: false,
      downs: 'lose nothing',
      cannotStart: null,
      revertSchema: false,
      tool: 'dbmate',
      pending: ['2'],
      window,
      ...more,
    }).action;

  it.each([
    [
      'nothing begun',
      before,
      { opened: false, fitsBlue: false, sameData: undefined },
      { started: false },
      'keep',
    ],
    ['nothing left', before, { opened: false, fitsBlue: false, sameData: true }, {}, 'keep'],
    ['only rows changed', before, { opened: false, fitsBlue: true, sameData: false }, {}, 'restore'],
    ['migrated, closed', migrated, { opened: false, fitsBlue: false, sameData: false }, {}, 'restore'],
    ['expanded, closed', migrated, { opened: false, fitsBlue: true, sameData: true }, {}, 'restore'],
    ['expanded, opened', migrated, { opened: true, fitsBlue: true, sameData: false }, {}, 'keep'],
    ['contracted, opened', migrated, { opened: true, fitsBlue: false, sameData: false }, {}, 'operator'],
    ['unchanged, opened', before, { opened: true, fitsBlue: false, sameData: false }, {}, 'keep'],
    ['unreadable', undefined, { opened: false, fitsBlue: true, sameData: true }, {}, 'wait'],
    [
      'still at work',
      migrated,
      { opened: false, fitsBlue: true, sameData: true },
      { liveBackends: 1 },
      'wait',
    ],
  ])('%s: %#', (_case, now, window, more, action) => {
    expect(choose(now, window, more)).toBe(action);
  });
});

describe('the rows of a database', () => {
  const table = (rows: string, sum: string | null) => ({ rows, sum });
  const data = {
    tables: { a: table('2', '17'), b: table('9', null) },
    sequences: { s: '5', t: null },
    unseen: [],
  };

  it('are the same when counts and sums are, and a sequence may be ahead', () => {
    expect(dataProblem(data, data)).toBeUndefined();
    expect(dataProblem(data, { ...data, sequences: { s: '38', t: '1' } })).toBeUndefined();
  });

  it.each([
    [
      'a row is missing',
      { ...data, tables: { ...data.tables, a: table('1', '8') } },
      /a has 1 rows instead of 2/,
    ],
    ['a value differs', { ...data, tables: { ...data.tables, a: table('2', '18') } }, /rows of a differ/],
    ['a table is missing', { ...data, tables: { a: table('2', '17') } }, /b is missing/],
    ['a sequence is behind', { ...data, sequences: { s: '4', t: null } }, /sequence s is behind/],
  ])('differ when %s', (_case, now, problem) => {
    expect(dataProblem(data, now)).toMatch(problem);
  });

  it('are compared from the smallest table on, as far as is allowed, then counted, then left out', () => {
    const tables = [
      { name: 'huge', bytes: 5000 },
      { name: 'small', bytes: 10 },
      { name: 'big', bytes: 500 },
      { name: 'middle', bytes: 80 },
    ];
    expect([...allot(tables, 100)]).toEqual([
      ['small', 'compared'],
      ['middle', 'compared'],
      ['big', 'counted'],
      ['huge', 'unseen'],
    ]);
    expect(aboutData({ ...data, unseen: ['huge'] })).toBe(
      '1 tables are compared row by row, 1 larger ones by their number of rows, too large to look at: huge',
    );
  });
});
