import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

it('names every page', () => {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  expect(pages.filter((name) => !README.includes(`](docs/${name})`))).toEqual([]);
});

it('reports the deployment that it has just started', () => {
  const { name, report } = commandsIn(README);
  expect(report).toEqual(['report', name, '--workflow', 'Shop']);
});
