import { hurts, type Result, verdictOf } from '../../../src/domain/attempts/attempt';
import { remedyFor, sayingLine } from '../../../src/domain/attempts/remedies';
import { type DatabaseState, difference, steady, steadyColumns } from '../../../src/domain/attempts/state';

const state = (rows: Record<string, Record<string, unknown>[]>, schema = ['relation a']): DatabaseState => ({
  schema,
  rows: new Map(Object.entries(rows).map(([name, own]) => [name, { count: own.length, rows: own }])),
});

describe('two states of a database', () => {
  const before = state({
    orders: [
      { id: 1, note: 'x' },
      { id: 2, note: null },
    ],
  });

  it.each([
    [
      'nothing, whatever order the rows are in',
      state({
        orders: [
          { id: 2, note: null },
          { id: 1, note: 'x' },
        ],
      }),
      [],
    ],
    ['rows that are gone', state({ orders: [{ id: 1, note: 'x' }] }), ['orders had 2 rows and has 1 row']],
    [
      'a column that has lost its values',
      state({
        orders: [
          { id: 1, note: null },
          { id: 2, note: null },
        ],
      }),
      ['other values in orders: note'],
    ],
    [
      'what the schema has more and less',
      state(
        {
          orders: [
            { id: 1, note: 'x' },
            { id: 2, note: null },
          ],
        },
        ['relation b'],
      ),
      ['- relation a', '+ relation b'],
    ],
  ])('differ by %s', (_, after, expected) => expect(difference(before, after)).toEqual(expected));

  it('are compared by the columns that there were where the others differ from run to run', () => {
    const one = state({ orders: [{ id: 1, at: '10:00' }], added: [{ id: 7 }] });
    const other = state({ orders: [{ id: 1, at: '10:01' }], added: [{ id: 8 }] });
    const before = state({ orders: [{ id: 1 }] });
    const only = steadyColumns(before, one);
    expect(difference(one, other, { only })).toEqual([]);
    expect(difference(one, state({ orders: [{ id: 2, at: '' }], added: [{ id: 7 }] }), { only })).toEqual([
      'other values in orders: id',
    ]);
  });

  it('are compared by their number where a run has made some', () => {
    const [one, other] = [state({ t: [{ id: 1 }, { id: 2 }] }), state({ t: [{ id: 1 }, { id: 3 }] })];
    const only = steadyColumns(state({ t: [{ id: 1 }] }), one);
    expect(difference(one, other, { only })).toEqual([]);
    expect(difference(one, state({ t: [{ id: 1 }] }), { only })).toEqual(['t had 2 rows and has 1 row']);
  });

  it.each([
    ['2026-03-01T10:00:00+00:00', '(now)'],
    ['2026-01-01T10:00:00+00:00', '2026-01-01T10:00:00+00:00'],
    ['0b1f6c2e-5a3d-4c1b-9f00-1234567890ab', '(random)'],
    ['text', 'text'],
    [7, 7],
  ])('%j is read as %j on the first of March: every run makes it anew, or none', (value, expected) =>
    expect(steady(value, Date.parse('2026-03-01T12:00:00Z'))).toBe(expected),
  );

  it('tell of a table of very many rows by its checksum', () => {
    const many = (sum: string) => ({ schema: [], rows: new Map([['t', { count: 9_000, sum }]]) });
    expect(difference(many('a'), many('b'))).toEqual(['other values in t']);
  });
});

describe('what was printed', () => {
  it.each([
    [
      'Applying 003\nerror: column "kind" contains null values\n    at Parser.x (y.js:1:2)\n',
      /give the column a default/,
    ],
    [
      'could not create unique index "x"\nDETAIL: Key (a)=(1) is duplicated.',
      /several rows have the same value/,
    ],
    ['ERROR:  role "app" does not exist', /--role/],
    ['sh: 1: knex: not found', /--command/],
    ['something else', /mend what it says/],
  ])('%j has a remedy', (output, remedy) => expect(remedyFor(sayingLine(output))).toMatch(remedy));
});

it('the worst of what was said of a migration counts, and only what would hurt ends with 1', () => {
  const result = (verdict: Result['verdict']): Result => ({
    attempt: 'fresh',
    verdict,
    migration: 'a',
    file: 'a.sql',
  });
  expect(verdictOf([result('ok'), result('warns')], 'fresh', 'a')).toBe('warns');
  expect(verdictOf([result('ok')], 'again', 'a')).toBeUndefined();
  expect([hurts([result('warns'), result('undone')]), hurts([result('fails')])]).toEqual([false, true]);
});
