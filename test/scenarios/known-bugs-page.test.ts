import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'known-bugs.md'), 'utf8');
const rows = [...page.matchAll(/\| `([\w/-]+)`: (.+) \|$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

it('has a scenario for each bug of the page', () => {
  expect(rows.length).toBe(page.split('\n').filter((line) => /^\| (?!what|---)/.test(line)).length);
  expect(rows.length).toBeGreaterThan(10);
});

it.each(rows)('$file: $title', ({ file, title }) =>
  expect(readFileSync(join(__dirname, file.includes('/') ? '..' : '.', `${file}.test.ts`), 'utf8')).toContain(
    title,
  ),
);
