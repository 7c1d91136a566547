import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const biome = join(root, 'node_modules', '.bin', 'biome');
const RULE = 'suspicious/noImportCycles';

/** The files that import each other in a circle, by Biome's rule as `biome.json` has it. */
function inCycles(folder: string): string[] {
  const { stdout, stderr } = spawnSync(
    biome,
    ['lint', `--only=${RULE}`, '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: folder, encoding: 'utf8' },
  );
  if (!stdout) throw new Error(stderr);
  const { diagnostics, summary } = JSON.parse(stdout);
  expect(summary.unchanged).toBeGreaterThan(0);
  return [
    ...new Set<string>(diagnostics.map(({ location }: { location: { path: string } }) => location.path)),
  ].sort();
}

describe('import cycles', () => {
  it('are nowhere in the project', () => expect(inCycles(root)).toEqual([]));

  it.each([
    [
      'of modules',
      "import { b } from './b';\nexport const a = b;",
      "import { a } from './a';\nexport const b = a;",
    ],
    [
      'of types alone',
      "import type { B } from './b';\nexport interface A {\n  b: B;\n}",
      "import type { A } from './a';\nexport interface B {\n  a: A;\n}",
    ],
    [
      'of what is loaded later',
      "export const a = () => import('./b');",
      "import { a } from './a';\nexport const b = a;",
    ],
    [
      'of what is handed on',
      "export { b } from './b';",
      "export type { b as a } from './a';\nexport const b = 1;",
    ],
  ])('%s would be found', (_, a, b) => {
    const folder = mkdtempSync(join(tmpdir(), 'greenlight-cycles-'));
    try {
      const { vcs, ...settings } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
      writeFileSync(join(folder, 'biome.json'), JSON.stringify(settings));
      writeFileSync(join(folder, 'a.ts'), a);
      writeFileSync(join(folder, 'b.ts'), b);
      writeFileSync(join(folder, 'c.ts'), "import { a } from './a';\nexport const c = a;");
      expect(inCycles(folder)).toEqual(['a.ts', 'b.ts']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
