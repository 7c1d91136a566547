import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '..', '..');

/** Who may import whom: the folder, and the folders of ours that it may reach. */
const WALLS: Record<string, string[]> = {
  'src/domain': ['src/domain'],
  'src/aws': ['src/aws', 'src/domain'],
  'src/postgres': ['src/postgres', 'src/migrations', 'src/domain'],
  'src/migrations': ['src/migrations', 'src/domain'],
  'src/runtime': ['src'],
  'src/cli': ['src/cli', 'src/domain', 'src/aws', 'src/migrations', 'src/postgres'],
  lambdas: ['lambdas', 'src/aws', 'src/domain', 'src/postgres', 'src/migrations', 'src/runtime'],
  lib: ['lib', 'lambdas/index', 'statemachines', 'src/domain', 'src/runtime', 'bin/built'],
  statemachines: ['statemachines'],
  // a small AWS that does not know the product
  local: ['local'],
};

/** Beyond the walls: packages that a folder must never see. */
const FORBIDDEN_PACKAGES: Record<string, RegExp> = {
  'src/domain': /^(@aws-sdk|aws-cdk|pg$|undici|node:)/,
  lambdas: /^(@aws-sdk|aws-cdk|pg$)/,
  local: /^aws-cdk/,
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** Text in backquotes is text, also where it looks like an import. */
const codeOf = (file: string) => readFileSync(join(root, file), 'utf8').replace(/`[^`]*`/g, '``');

const importsOf = (file: string) =>
  [...codeOf(file).matchAll(/(?:from|import\(?|require\()\s*'([^']+)'/g)].map(([, target]) => target!);

describe.each(Object.entries(WALLS))('%s', (folder, allowed) => {
  const files = sources(folder);

  it('has files', () => expect(files.length).toBeGreaterThan(0));

  it(`imports of ours only ${allowed.join(', ')}`, () => {
    const strays = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('.'))
        .map((target) =>
          relative(root, resolve(root, dirname(file), target))
            .split(sep)
            .join('/'),
        )
        .filter((target) => !allowed.some((wall) => target === wall || target.startsWith(`${wall}/`)))
        // lib reaches the table of contents only: the folder's index
        .filter((target) => !(folder === 'lib' && target === 'lambdas'))
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
