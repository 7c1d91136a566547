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

/** Older AWS command lines and boto3 take no endpoint from the environment: the local cloud's commands would go to AWS. */
const local = execFileSync('git', ['ls-files', '--', 'local', 'examples/story', 'docs/local-cloud.md'], {
  cwd: root,
  encoding: 'utf8',
}).split('\n');
const astray = (text: string) =>
  text
    .split('\n')
    .filter((line) => /(^|['"`] *)aws (?!--endpoint-url )[a-z]/.test(line) && !/^\s*(\*|\/\/)/.test(line));

it('a command that is printed for the local cloud names its endpoint', () => {
  const files = local.filter((file) => /\.(ts|md)$/.test(file));
  const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
  expect(texts.join('\n').split('aws --endpoint-url').length).toBeGreaterThan(5);
  expect(texts.flatMap(astray)).toEqual([]);
});

it.each(['aws rds describe-db-instances', "    '  aws elbv2 describe-rules',", '`aws ecs list-tasks`'])(
  'would find %s',
  (line) => expect(astray(line)).toHaveLength(1),
);
