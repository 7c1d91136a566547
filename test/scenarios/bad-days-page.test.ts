import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationTools } from '../../src/migrations';
import { realTools } from '../migrations/real-tools';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'bad-days.md'), 'utf8');
const [days = '', tools = ''] = page.split('## Tools');
const rows = [...page.matchAll(/`(bad-days[\w-]*)`: ([^|)]+?) *[|)]/g)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

it('has a scenario for each day of the page', () => {
  expect(rows.length).toBe(days.split('\n').filter((line) => /^\| (?!day|---)/.test(line)).length + 1);
});

it.each(rows)('$file: $title', ({ file, title }) =>
  expect(readFileSync(join(__dirname, `${file}.test.ts`), 'utf8')).toContain(title),
);

const left = realTools.flatMap(({ name, killed }) => (killed ? [{ name, ...killed }] : []));

it.each(left)('says the way out of what a kill of $name leaves', ({ name, problem }) => {
  const line = tools.split('\n').find((text) => text.startsWith(`| ${name}`)) ?? '';
  const [, command = ''] = /`([^`]+)` *(?:\||, or)/.exec(`${line.split('|').at(-2)}|`) ?? [];
  const found =
    problem === 'locked' ? ({ kind: problem, by: '' } as const) : ({ kind: problem, id: '<id>' } as const);
  expect(command).not.toBe('');
  expect(migrationTools[name].remedy(found)).toContain(command);
});
