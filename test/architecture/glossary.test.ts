import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** The rows of the glossary: a word, and the words that are not used for it. */
const glossary = readFileSync(join(root, 'docs', 'glossary.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| word'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, word = '', , not = '']) => ({ word, not: not.split(', ').filter(Boolean) }));

/** Where people read: messages and comments of the sources, the graph, the documents. */
const read = execFileSync(
  'git',
  [
    'ls-files',
    '--',
    'src',
    'lambdas',
    'lib',
    'statemachines',
    'bin',
    'examples',
    'bench',
    'docs',
    'README.md',
    'CONTRIBUTING.md',
  ],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => /\.(ts|js|mjs|json|md|sql)$/.test(file) && file !== 'docs/glossary.md');

/** What a text says around one of the words, also where they stand at the end of a line and the beginning of the next. */
const saying = (text: string, word: string) =>
  [...text.matchAll(new RegExp(`.*\\b${word.replaceAll(' ', '\\s+(?:\\*\\s+)?')}\\b.*`, 'gi'))].map(
    ([said]) => said,
  );

it('has a row for each word, in the order of the alphabet', () => {
  const words = glossary.map(({ word }) => word);
  expect(words.length).toBeGreaterThanOrEqual(30);
  expect(words).toEqual([...words].sort());
  expect(new Set(words).size).toBe(words.length);
});

it.each(glossary.flatMap(({ word, not }) => not.map((other) => [word, other] as const)))(
  'says %s, and nowhere "%s"',
  (_, other) => {
    const found = read.flatMap((file) =>
      saying(readFileSync(join(root, file), 'utf8'), other).map((said) => `${file}: ${said.trim()}`),
    );
    expect(found).toEqual([]);
  },
);

it('would find a word, also over the end of a line, and not inside of another', () => {
  expect(saying('it was a\ncutover', 'cutover')).toEqual(['cutover']);
  expect(saying('it will turn\n * back again', 'turn back')).toEqual(['it will turn\n * back again']);
  expect(saying('turn backs on it', 'turn back')).toEqual([]);
});
