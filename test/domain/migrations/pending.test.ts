import {
  type HistoryProblem,
  pendingOf,
  type ToolRules,
  waysOut,
} from '../../../src/domain/migrations/pending';
import type { Manifest, Migration } from '../../../src/domain/migrations/types';

const migration = (id: string, more: Partial<Migration> = {}): Migration => ({
  id,
  file: `${id}.sql`,
  up: 'SELECT 1',
  down: null,
  checksum: `sum of ${id}`,
  transactional: true,
  firstLine: 1,
  ...more,
});
const manifest = (...migrations: (string | Migration)[]): Manifest => ({
  version: 1,
  tool: 'plain',
  migrations: migrations.map((one) => (typeof one === 'string' ? migration(one) : one)),
});
const rules = (late: ToolRules['late'] = 'applied'): ToolRules => ({
  late,
  remedy: ({ kind }: HistoryProblem) => `mend what is ${kind}`,
});
const rows = (...ids: string[]) => ids.map((id) => ({ id }));

const ids = ({ pending }: ReturnType<typeof pendingOf>) => pending.map(({ id }) => id);
const messages = ({ problems }: ReturnType<typeof pendingOf>) => problems.map(({ message }) => message);

it('is what the release has and the history has not, in the order of the manifest', () => {
  const plan = pendingOf(manifest('c', 'a', 'b'), { applied: rows('a') }, rules());
  expect([ids(plan), plan.problems]).toEqual([['c', 'b'], []]);
});

it('refuses an applied migration whose checksum is another now, with the remedy of the tool', () => {
  const plan = pendingOf(manifest('a'), { applied: [{ id: 'a', checksum: 'older' }] }, rules());
  expect(plan.problems).toEqual([
    {
      kind: 'edited',
      id: 'a',
      file: 'a.sql',
      message: 'a.sql was edited after migration a was applied',
      remedy: 'mend what is edited',
    },
  ]);
});

it('knows an edited migration from the manifest before, when the tool keeps no checksum', () => {
  const edited = manifest(migration('a', { checksum: 'new' }), migration('b', { checksum: 'new' }));
  const history = { applied: rows('a') };
  expect(pendingOf(edited, history, rules()).problems).toEqual([]);
  // b was edited too, but nobody has applied it
  expect(messages(pendingOf(edited, history, rules(), manifest('a', 'b')))).toEqual([
    'a.sql was edited after migration a was applied',
  ]);
});

it('applies an edited migration again when the tool does so', () => {
  const again = manifest(migration('R', { repeatable: true }), 'a');
  const history = { applied: [{ id: 'a' }, { id: 'R', checksum: 'older' }] };
  expect([
    ids(pendingOf(again, history, rules('refused'))),
    messages(pendingOf(again, history, rules())),
  ]).toEqual([['R'], []]);
});

it('refuses a database with a migration that the release does not have', () => {
  const plan = pendingOf(manifest('a'), { applied: rows('a', 'b') }, rules());
  expect(messages(plan)).toEqual(['migration b was applied to this database and is not in this release']);
});

it('refuses a migration that was begun and did not end, and does not count it as pending', () => {
  const plan = pendingOf(manifest('a'), { applied: [{ id: 'a', unfinished: true }] }, rules());
  expect([ids(plan), messages(plan)]).toEqual([[], ['migration a was begun and did not end well']]);
});

it("refuses while somebody holds the tool's lock", () => {
  expect(messages(pendingOf(manifest('a'), { applied: [], locked: 'backend 7' }, rules()))).toEqual([
    "the tool's lock is held by backend 7",
  ]);
});

it.each([
  ['applied', 0],
  ['refused', 1],
  ['skipped', 1],
] as const)(
  'a migration before an applied one, which the tool would have %s, makes %i problems',
  (late, n) => {
    const plan = pendingOf(manifest('a', 'b', 'c'), { applied: rows('a', 'c') }, rules(late));
    expect(messages(plan)).toEqual(Array(n).fill('migration b comes before c, which was applied already'));
  },
);

describe('a tool that records only its newest migration', () => {
  const history = { applied: rows('b'), upTo: ['b'] };

  it('has applied everything before it', () => {
    expect(ids(pendingOf(manifest('a', 'b', 'c'), history, rules('skipped')))).toEqual(['c']);
  });

  it('passes over a file that came late, which only the manifest before can tell', () => {
    const now = manifest('a', 'a2', 'b', 'c');
    expect(pendingOf(now, history, rules('skipped')).problems).toEqual([]);
    expect(messages(pendingOf(now, history, rules('skipped'), manifest('a', 'b')))).toEqual([
      'migration a2 comes before b, which was applied already',
    ]);
  });

  it('is not understood when the release does not have that migration', () => {
    expect(messages(pendingOf(manifest('c'), history, rules('skipped')))).toEqual([
      'migration b was applied to this database and is not in this release',
    ]);
  });
});

describe('a graph of migrations', () => {
  const graph = manifest(
    migration('root', { parents: [] }),
    migration('left', { parents: ['root'] }),
    migration('right', { parents: ['root'] }),
    migration('merge', { parents: ['left', 'right'] }),
  );

  it('has applied what the heads follow, and nothing of the other branch', () => {
    expect(ids(pendingOf(graph, { applied: rows('right'), upTo: ['right'] }, rules()))).toEqual([
      'left',
      'merge',
    ]);
  });

  it('has applied both branches behind a merge', () => {
    expect(ids(pendingOf(graph, { applied: rows('merge'), upTo: ['merge'] }, rules()))).toEqual([]);
  });
});

it('counts everything up to a baseline as applied, also when no file is called so', () => {
  const compared = { ...rules('refused'), compare: (a: string, b: string) => Number(a) - Number(b) };
  const plan = pendingOf(manifest('1', '5', '9'), { applied: [], upTo: ['6'] }, compared);
  expect([ids(plan), plan.problems]).toEqual([['9'], []]);
});

it('tells the way out of what a run has left: its lock, a migration that is recorded as begun, and one that is not recorded', () => {
  expect(waysOut({ unfinished: [], locked: null }, rules())).toEqual([]);
  expect(waysOut({ unfinished: ['2'], locked: 'a row' }, rules(), '2')).toEqual([
    "the tool's lock is held by a row; mend what is locked",
    'migration 2 was begun and did not end well; mend what is unfinished',
  ]);
  expect(waysOut({ unfinished: [], locked: null }, rules(), '3')).toEqual([
    'parts of migration 3 may stand, and the history does not record it; mend what is half-applied',
  ]);
});
