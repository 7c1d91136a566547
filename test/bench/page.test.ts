import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benches } from '../../bench';
import type { Machine } from '../../bench/frame/machine';
import { rowsIn, section, sectionsOf, written } from '../../bench/frame/page';
import { atMostTimes } from '../../bench/frame/row';
import { wantedOf } from '../../bench/frame/show';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'performance.md'), 'utf8');

describe('docs/performance.md', () => {
  const sections = sectionsOf(page);

  it('has a table of every bench and of no other, in the order of the table of contents', () =>
    expect([...sections.keys()]).toEqual(Object.keys(benches)));

  it.each(Object.entries(benches))(
    'has every row of %s, and what is wanted of it',
    (name, { measurements }) => {
      const rows = measurements.flatMap(({ rows }) => Object.values(rows));
      expect(rowsIn(sections.get(name) ?? '')).toEqual(
        rows.map((row) => ({ name: row.name, wanted: wantedOf(row) })),
      );
    },
  );
});

describe('every bench', () => {
  it.each(Object.entries(benches))('%s names each of its rows once', (_name, { measurements }) => {
    const names = measurements.flatMap(({ rows }) => Object.values(rows).map(({ name }) => name));
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(Object.entries(benches))(
    '%s compares only where there is another side',
    (_name, { measurements }) => {
      for (const { rows, beside } of measurements)
        for (const { name, wanted = [] } of Object.values(rows))
          expect([name, beside === undefined && wanted.some(({ times }) => times)]).toEqual([name, false]);
    },
  );
});

describe('writing', () => {
  const machine: Machine = {
    cores: 2,
    cpu: 'a CPU',
    node: 'v22.0.0',
    platform: 'linux x64',
    calibrationMs: 300,
  };
  const row = { name: 'a thing', unit: 'ms', how: 'by a clock', wanted: [atMostTimes(0.5)] };
  const figure = (median: number) => ({ median, min: median - 1, max: median + 1, samples: 3 });
  const one = (median: number) =>
    section('one', {
      results: [
        { row, now: figure(median), beside: 'earlier', other: figure(100), ratio: median / 100, met: true },
      ],
      ...{ date: '2026-01-31', now: 'b', earlier: 'a', command: 'npm run bench -- one', machine },
    });
  const empty = 'before\n<!-- measured -->\n<!-- end of: measured -->\nafter\n';

  it('tells both sides, the ratio, the promise and whether it is kept', () =>
    expect(one(40)).toContain(
      '| a thing | earlier: 100 ms (99 to 101) | 40 ms (39 to 41) | 0.4 × | at most 0.5 × | yes |',
    ));

  const bench = { about: 'a bench', measurements: [{ rows: { row }, sample: async () => ({ row: 1 }) }] };

  it('renews what was measured, keeps the rest, and names what nobody has measured', () => {
    const first = written(empty, new Map([['one', one(40)]]), { one: bench, two: bench });
    expect([...sectionsOf(first).keys()]).toEqual(['one', 'two']);
    expect(sectionsOf(first).get('two')).toContain('| a thing |  | not measured yet |  | at most 0.5 × |  |');
    const second = written(first, new Map([['one', one(41)]]), { one: bench, two: bench });
    expect(second).toBe(first.replace(one(40).trim(), one(41).trim()));
    expect([second.split('\n')[0], second.split('\n').at(-2)]).toEqual(['before', 'after']);
  });

  it('forgets a bench that is no more', () => {
    const page = written(empty, new Map([['one', one(40)]]), { one: bench });
    expect(sectionsOf(written(page, new Map(), {})).size).toBe(0);
  });

  it('refuses a page without a place', () =>
    expect(() => written('nothing', new Map(), {})).toThrow(/no place/));
});
