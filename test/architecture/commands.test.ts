import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Where messages to people are written; the command line itself says what it takes. */
const files = execFileSync('git', ['ls-files', '--', 'src', 'lambdas', 'statemachines'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|json)$/.test(file) && !file.startsWith('src/cli/'));

const VERBS =
  'rollback|report|approve|reject|pause|resume|deploy|watch|status|history|lock (?:show|release)|\\$\\{verb\\}';

/** Commands about a deployment that cannot be pasted: without the program that finds them, or without the stack. */
const incomplete = (text: string) =>
  text
    .split('\n')
    .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line))
    .flatMap((line) => [...line.matchAll(new RegExp(`(npx )?greenlight (${VERBS})\\b.*`, 'g'))])
    .map(([said]) => said)
    .filter((said) => !said.startsWith('npx ') || !said.includes('--workflow '));

it('names a command so that it can be pasted', () => {
  const found = files.flatMap((file) =>
    incomplete(readFileSync(join(root, file), 'utf8')).map((said) => `${file}: ${said}`),
  );
  expect(found).toEqual([]);
});

it.each([
  ['the program that finds it', "end it with greenlight rollback, or free its lock'"],
  ['the stack', 'go back: npx greenlight rollback $' + '{id} --reason "..."'],
])('would find a message without %s', (_, text) => expect(incomplete(text)).toHaveLength(1));
