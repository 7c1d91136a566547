import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { together as groups, longest, scenariosOnly } from '../suites';

const scenarios = join(__dirname, '..', 'scenarios');

it('plays every suite of a group exactly once, in the file of its group', () => {
  expect(readdirSync(join(scenarios, 'together')).sort()).toEqual(
    Object.keys(groups)
      .map((group) => `${group}.test.ts`)
      .sort(),
  );
  for (const group of Object.keys(groups))
    expect(readFileSync(join(scenarios, 'together', `${group}.test.ts`), 'utf8')).toContain(
      `together('${group}')`,
    );
  const suites = Object.values(groups).flat();
  expect(new Set(suites).size).toBe(suites.length);
  expect(suites.filter((suite) => !existsSync(join(scenarios, `${suite}.test.ts`)))).toEqual([]);
});

it('lists no long suite that is not there, and none twice', () => {
  const long = [...longest, ...scenariosOnly];
  expect(long.filter((name) => !existsSync(join(__dirname, '..', `${name}.test.ts`)))).toEqual([]);
  expect(new Set(long).size).toBe(long.length);
});
