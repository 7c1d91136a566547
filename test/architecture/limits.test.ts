import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'limits.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| what there is'))
  .map((line) => {
    const [, file = '', title = ''] = /\| `([\w/-]+)`: (.+) \|$/.exec(line) ?? [];
    return { what: line.split('|')[1]!.trim(), file, title };
  });

it('has rows', () => expect(rows.length).toBeGreaterThan(20));

it.each(rows)('shows what stands of $what', ({ file, title }) => {
  const suite = join(root, 'test', `${file}.test.ts`);
  expect(existsSync(suite) && readFileSync(suite, 'utf8').includes(title)).toBe(true);
});
