import type { DataRecord } from '../../../src/domain/database/row-record';
import {
  idle,
  judgeSeeds,
  othersSeconds,
  rowsChanged,
  type SecondRun,
  type SeedsLook,
  seedsBack,
  seedsRun,
  uncompared,
  unproven,
  written,
} from '../../../src/domain/seeds/proof';
import { rounds, roundText, runName } from '../../../src/domain/seeds/rounds';

const look = (
  tables: DataRecord['tables'],
  { unseen = [] as string[], writes = {} as Record<string, string>, fingerprint = 'f' } = {},
): SeedsLook => ({ fingerprint, data: { tables, sequences: {}, unseen }, writes });
const row = (rows: string, sum: string | null = '0') => ({ rows, sum });

it.each([
  ['the same', { a: row('1') }, { a: row('1') }, []],
  ['another number of rows', { a: row('1') }, { a: row('2') }, ['a 1 2']],
  ['other rows, as many', { a: row('1', '1') }, { a: row('1', '2') }, ['a 1 1']],
  ['a table that is new', {}, { a: row('1') }, ['a null 1']],
  ['a table that is gone', { a: row('1') }, {}, ['a 1 null']],
  ['only counted, and as many', { a: row('1', null) }, { a: row('1', null) }, []],
  ['only counted, and more', { a: row('1', null) }, { a: row('2', null) }, ['a 1 2']],
  ['compared before and counted after', { a: row('1', '1') }, { a: row('1', null) }, []],
])('sees of %s which tables changed', (_, before, after, changed) => {
  const seen = rowsChanged(look(before), look(after)).changed;
  expect(seen.map(({ table, before: one, after: other }) => `${table} ${one} ${other}`)).toEqual(changed);
});

it('knows of tables too large to be compared that somebody wrote, and does not take one for gone', () => {
  const before = look({ a: row('1', null), b: row('1') }, { unseen: ['c'], writes: { a: '1/5', c: '2/5' } });
  const after = look({ a: row('1', null) }, { unseen: ['b', 'c'], writes: { a: '1/6', b: '3/9', c: '2/5' } });
  expect(rowsChanged(before, after)).toEqual({ changed: [], large: ['a'] });
  expect(uncompared(before.data)).toEqual(['a', 'c']);
});

it('tells that somebody wrote by counts that differ, of tables that both looks have', () => {
  expect(written({ a: '1/1', b: '1/1', c: '1/1' }, { a: '1/2', b: '1/1' })).toEqual(['a']);
});

it('takes a run that changed nothing for proof that another one changes nothing, and no other', () => {
  const empty = look({ a: row('1') });
  expect(idle(empty, look({ a: row('1') }))).toEqual({
    status: 'ok',
    detail: 'the seeds changed nothing, so they can run again (1 tables are compared row by row)',
  });
  expect(idle(empty, look({ a: row('2') }))).toBeUndefined();
  expect(idle(empty, look({ a: row('1') }, { fingerprint: 'g' }))).toBeUndefined();
  const large = (count: string) => look({}, { unseen: ['c'], writes: { c: count } });
  expect(idle(large('1/1'), large('1/2'))).toBeUndefined();
});

const changed = (table: string, before = '1', after = '2') => ({ table, before, after });
const second = (seen: Partial<SecondRun>): SecondRun => ({
  ...{ changed: [], large: [], others: [], schema: false, first: { changed: [], large: [] } },
  data: look({ a: row('1') }).data,
  ...seen,
});

it.each([
  ['nothing', {}, 'ok', 'ok', /^a second run changed nothing \(1 tables are compared row by row\)$/],
  [
    'what the first has done',
    { first: { changed: [changed('a', '0', '3')], large: [] } },
    'ok',
    'ok',
    /; while the first ran a \(0 → 3 rows\) changed$/,
  ],
  [
    'rows',
    { changed: [changed('a')] },
    'warning',
    'failed',
    /^a second run of the seeds changed a \(1 → 2 rows\), and nobody else/,
  ],
  [
    'rows, as many as before',
    { changed: [changed('a', '2', '2')] },
    'warning',
    'failed',
    /changed a \(2 rows, not all as before\)/,
  ],
  [
    'that it failed',
    { failed: 'exit code 1' },
    'warning',
    'failed',
    /^a second run of the seeds failed: exit code 1$/,
  ],
  ['another schema', { schema: true }, 'warning', 'failed', /^the seeds changed the schema/],
  [
    'rows of a table to which others write',
    { changed: [changed('a')], others: ['a'] },
    'warning',
    'warning',
    /^others write to a, so it is not known/,
  ],
  [
    'a large table',
    { large: ['c'] },
    'warning',
    'warning',
    /^c was written to and is larger than seeds.compareBytes/,
  ],
  [
    'both',
    { changed: [changed('a'), changed('b')], others: ['b'] },
    'warning',
    'failed',
    /changed a \(1 → 2 rows\), .*; others write to b,/,
  ],
] as const)(
  'says of a second run that has shown %s whether the deployment goes on',
  (_, seen, warn, stop, detail) => {
    const run = second(seen as Partial<SecondRun>);
    expect(judgeSeeds(run, 'warn')).toEqual({ status: warn, detail: expect.stringMatching(detail) });
    expect(judgeSeeds(run, 'stop').status).toBe(stop);
  },
);

it('says that nothing is known where nobody could look', () => {
  expect(unproven('57014')).toEqual({
    status: 'warning',
    detail: 'it is not known whether the seeds can run again: 57014',
  });
});

it.each([
  [2, 30],
  [44.2, 45],
  [4000, 300],
])('looks for others behind a run of %d s for %d s', (ran, looks) => {
  expect(othersSeconds(ran)).toBe(looks);
});

it.each([
  ['of which none was begun', 'none', ['x'], undefined, false, []],
  ['that changed nothing', 'idle', ['x'], undefined, false, [/had changed nothing/]],
  ['that have no command for it', 'begun', [], undefined, false, [/seeds.revertCommand is empty/]],
  ['that have one', 'begun', ['x'], undefined, true, [/taken back first/]],
  ['that were taken back', 'begun', ['x'], { ok: true, cause: '' }, false, [/were taken back/]],
  [
    'that could not be',
    'begun',
    ['x'],
    { ok: false, cause: 'exit code 1' },
    false,
    [/stay, because exit code 1/],
  ],
] as const)('decides in a rollback about seeds %s', (_, run, revertCommand, tried, take, said) => {
  const back = seedsBack(run, { revertCommand: [...revertCommand] }, tried);
  expect(back).toEqual({ take, said: said.map((text) => expect.stringMatching(text)) });
});

it('takes seeds for begun unless it is known that their first run changed nothing', () => {
  const [empty, full] = [look({ a: row('0') }), look({ a: row('1') })];
  expect(seedsRun(false, undefined, undefined)).toBe('none');
  expect(seedsRun(true, empty, empty)).toBe('idle');
  expect(seedsRun(true, empty, full)).toBe('begun');
  // killed, or never seen
  expect([seedsRun(true, empty, undefined), seedsRun(true, empty, { unseen: 'x' })]).toEqual([
    'begun',
    'begun',
  ]);
});

it('has a name for every run of a deployment, and keeps those of migrations', () => {
  expect(runName('migrate', 2)).toBe('2');
  const names = rounds.flatMap((round) => [1, 2].map((run) => runName(round, run)));
  expect(new Set(names).size).toBe(names.length);
  expect(new Set([...rounds, 'revert' as const].map(roundText)).size).toBe(rounds.length + 1);
});
