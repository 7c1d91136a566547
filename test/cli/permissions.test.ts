import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { manifestWriter } from '../../src/aws/manifests';
import { reportReader } from '../../src/aws/reports';
import { type Verb, verbs } from '../../src/aws/verbs';
import { whereabouts } from '../../src/aws/workflow';
import type { Grants, Port } from '../../src/domain/step/port';

const root = join(__dirname, '..', '..');
const cli = join(root, 'src', 'cli');
/** Where that lies which is done by the page and the HTTP API as well. */
const acts = join(root, 'src', 'acts');

/** The functions of src/aws that are no ports, because nothing of a function's calls them. */
const CALLS: Record<string, Grants> = {
  executionArn: { grants: [] },
  findWorkflow: whereabouts,
  putManifest: manifestWriter,
  reportLink: reportReader,
};

/** The actions of whatever a file of the command line imports from src/aws, be it by way of another file there. */
function actionsOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imports = [
    ...text.matchAll(/^import \{([^}]*)\} from '(\.[^']*)'/gm),
    ...text.matchAll(/await import\('(\.[^']*?)(?:\.ts)?'\)\)\.(\w+)/g),
  ].map(([, one = '', other = '']) => (one.startsWith('.') ? [other, one] : [one, other]));
  return imports.flatMap(([names = '', target = '']) => {
    const path = join(dirname(file), target);
    if (path.startsWith(`${cli}/`) || path.startsWith(`${acts}/`)) return actionsOf(`${path}.ts`, seen);
    if (!relative(root, path).startsWith('src/aws')) return [];
    const exported = require(path) as Record<string, Port<unknown>>;
    return names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
      .flatMap((name) => (CALLS[name] ?? exported[name]!).grants.flatMap(({ actions }) => actions));
  });
}

/** The table of docs/operating.md: a verb, and its actions. */
const documented = readFileSync(join(root, 'docs', 'operating.md'), 'utf8')
  .split('## Permissions of the command line')[1]!
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => {
    const [verbs = '', actions = ''] = line.split('|').slice(1);
    const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);
    return quoted(verbs).map((verb) => ({ verb, actions: quoted(actions) }));
  });

/** Where what a verb does is written. */
const FILES: Record<string, string> = {
  approve: 'answer',
  reject: 'answer',
  resume: 'pause',
  'bundle --s3': 'bundle',
  'watch --web': 'page/serve',
};

it('documents each verb that calls AWS', () =>
  expect(documented.map(({ verb }) => verb).sort()).toEqual([
    'approve',
    'bundle --s3',
    'deploy',
    'doctor',
    'graph',
    'history',
    'init',
    'lock',
    'pause',
    'promote',
    'reject',
    'report',
    'resume',
    'rollback',
    'status',
    'validate',
    'watch',
    'watch --web',
  ]));

it.each(documented)('$verb needs what is documented, and no more', ({ verb, actions }) => {
  const needed = actionsOf(join(cli, `${FILES[verb] ?? verb}.ts`));
  expect(actions).toEqual([...new Set(needed)].sort());
});

it.each(Object.keys(verbs) as Verb[])('who is allowed %s can type it, and no more', (verb) => {
  const allowed = Object.values(verbs[verb]).flatMap(({ grants }) =>
    grants.flatMap(({ actions }) => actions),
  );
  expect([...new Set(allowed)].sort()).toEqual(
    [...new Set(actionsOf(join(cli, `${FILES[verb] ?? verb}.ts`)))].sort(),
  );
});
