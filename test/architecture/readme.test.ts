import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { commandsIn, README } from './readme';

const root = join(__dirname, '..', '..');

it('is read in one go: 150 lines at most', () => {
  expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

it('leads to pages that are there, and so do the pages', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ];
  const links = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(
        ([, to = '']) => ({
          page,
          to,
        }),
      ),
    );
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter(({ page, to }) => !existsSync(join(root, dirname(page), to)))).toEqual([]);
});

it.each(['README.md', 'docs/pure-workers.md'])('%s shows a stack that compiles as it is printed', (page) => {
  const [, stack = ''] = /```ts\n(.*?)```/s.exec(readFileSync(join(root, page), 'utf8')) ?? [];
  expect(stack.split('\n').length).toBeGreaterThan(10);
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build', 'readme-'));
  try {
    // it stands in the project's folder
    writeFileSync(join(folder, 'stack.ts'), stack.replaceAll("'./", "'../../"));
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: { noEmit: true },
      include: ['stack.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout } = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('reports the deployment that it has just started', () => {
  const { name, report } = commandsIn(README);
  expect(report).toEqual(['report', name, '--workflow', 'Shop']);
});
