import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '..', '..');

/** Who may import whom: the folder, and the folders of ours that it may reach. */
const WALLS: Record<string, string[]> = {
  'src/domain': ['src/domain'],
  'src/aws': ['src/aws', 'src/domain'],
  'src/postgres': ['src/postgres', 'src/migrations', 'src/domain'],
  'src/migrations': ['src/migrations', 'src/domain'],
  'src/acts': ['src/acts', 'src/aws', 'src/domain'],
  'src/runtime': ['src'],
  'src/cli': [
    ...[
      'src/cli',
      'src/acts',
      'src/domain',
      'src/aws',
      'src/migrations',
      'src/postgres',
      'statemachines',
      'package.json',
    ],
  ],
  // runs in a browser
  'src/page': ['src/page', 'src/domain'],
  lambdas: ['lambdas', 'src/acts', 'src/aws', 'src/domain', 'src/postgres', 'src/migrations', 'src/runtime'],
  lib: [
    'lib',
    'lambdas/index',
    'statemachines',
    'src/aws/verbs',
    'src/domain',
    'src/migrations',
    'src/runtime',
    'bin/built',
  ],
  statemachines: ['statemachines'],
  // a small AWS that does not know the product
  local: ['local'],
  // what a shell starts: programs that print a page or make what runs; `run.js` and `greenlight.js` start the rest by its name
  bin: ['bin', 'lambdas/index', 'lib', 'statemachines', 'src/domain', 'src/runtime'],
  // an application as a user has one
  'examples/shop': ['examples/shop'],
  // whoever tells the story is a user too: it has the command line, the migration tools, and AWS's own clients
  'examples/story': ['examples/story', 'src/cli/starter', 'src/migrations'],
};

/** Beyond the walls: packages that a folder must never see. */
const FORBIDDEN_PACKAGES: Record<string, RegExp> = {
  // a hash is as pure as a sum
  'src/domain': /^(@aws-sdk|aws-cdk|pg$|undici|node:(?!crypto$))/,
  lambdas: /^(@aws-sdk|aws-cdk|pg$)/,
  // only through src/aws
  'src/cli': /^@aws-sdk/,
  'src/acts': /^@aws-sdk/,
  local: /^aws-cdk/,
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    // what a package is installed with, while it is packed
    if (name === 'dist') return [];
    if (statSync(join(root, path)).isDirectory()) return sources(path);
    return /\.(tsx?|js|mjs)$/.test(path) ? [path] : [];
  });
}

/** Text in backquotes is text, also where it looks like an import. */
const codeOf = (file: string) => readFileSync(join(root, file), 'utf8').replace(/`[^`]*`/g, '``');

const importsOf = (file: string) =>
  [...codeOf(file).matchAll(/(?:from|import\(?|require\()\s*'([^']+)'/g)].map(([, target]) => target!);

/** The file or the folder's index that an import of ours means, without its extension where the import has none. */
function reached(file: string, target: string): string {
  const path = resolve(root, dirname(file), target);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() && !existsSync(`${path}.ts`);
  return relative(root, isFolder ? join(path, 'index') : path)
    .split(sep)
    .join('/');
}

describe.each(Object.entries(WALLS))('%s', (folder, allowed) => {
  const files = sources(folder);

  it('has files', () => expect(files.length).toBeGreaterThan(0));

  it(`imports of ours only ${allowed.join(', ')}`, () => {
    const strays = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => reached(file, target))
        .filter((target) => !allowed.some((wall) => target === wall || target.startsWith(`${wall}/`)))
        .map((target) => `${file} -> ${target}`),
    );
    expect(strays).toEqual([]);
  });

  it('keeps away from packages that are not its business', () => {
    const forbidden = FORBIDDEN_PACKAGES[folder];
    const strays = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => forbidden?.test(target))
        .map((target) => `${file} -> ${target}`),
    );
    expect(strays).toEqual([]);
  });
});

describe('zod', () => {
  const files = ['src', 'lambdas', 'lib', 'examples'].flatMap(sources);
  const schemas = files.filter((file) => importsOf(file).includes('zod/mini'));

  it("is zod/mini, a third of the classic one in every function's bundle", () =>
    expect(files.filter((file) => importsOf(file).includes('zod'))).toEqual([]));

  it('speaks English wherever a schema is made, also in a bundle', () => {
    const { outputs } = buildSync({
      entryPoints: schemas,
      absWorkingDir: root,
      bundle: true,
      packages: 'external',
      platform: 'node',
      outdir: 'build',
      write: false,
      metafile: true,
    }).metafile;
    const mute = Object.values(outputs).filter(
      ({ inputs }) => !inputs['src/domain/text/zod-english.ts']?.bytesInOutput,
    );
    expect(mute.map(({ entryPoint }) => entryPoint)).toEqual([]);
    expect(schemas).toContain(join('src', 'domain', 'settings', 'settings.ts'));
  });
});
