import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minVersion, Range, satisfies } from 'semver';

const root = join(__dirname, '..', '..');
const read = (...path: string[]) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

interface Locked {
  version: string;
  engines?: { node?: string };
}

const { engines } = read('package.json') as { engines: { node: string } };

/** The least version of each line that `engines` allows: what no newer one can miss. */
const least = new Range(engines.node).set.map((line) =>
  String(minVersion(line.map(({ value }) => value).join(' '))),
);

it('begins with versions on which every installed package works, the tools of the tests among them', () => {
  const locked = ['.', 'test/tools'].flatMap((folder) =>
    Object.entries(read(folder, 'package-lock.json').packages as Record<string, Locked>),
  );
  const refused = locked.flatMap(([path, { engines: { node = '*' } = {} }]) =>
    least.filter((version) => !satisfies(version, node)).map((version) => `${path} ${node}: not ${version}`),
  );
  expect(least.length).toBeGreaterThan(0);
  expect(refused).toEqual([]);
});

it('begins with versions that have zlib.crc32, which came in 20.15 and in 22.2', () => {
  expect(least.filter((version) => !satisfies(version, '^20.15.0 || >=22.2.0'))).toEqual([]);
});

it('is what the README asks for, and what the programs are compiled for', () => {
  const [first = ''] = least.map((version) => version.replace(/\.0$/, ''));
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`Node ${first}`);
  for (const compiler of ['compile-program.mjs', 'compile-command-line.js'])
    expect(readFileSync(join(root, 'bin', compiler), 'utf8')).toContain(`target: 'node${first}'`);
});
