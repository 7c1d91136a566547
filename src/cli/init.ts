import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dependencies, version } from '../../package.json';
import { existing } from '../aws/existing';
import { appOf, type Wanted } from '../domain/init/app';
import { type AppFile, filesOf, packageOf } from '../domain/init/files';
import type { Found } from '../domain/init/found';
import { refusalsOf } from '../domain/init/refusals';
import { tools } from '../domain/migrations/types';
import { shown } from '../domain/text/printable';
import { asked, isTerminal, print } from './print';
import { UsageError } from './usage-error';

interface InitOptions {
  folder: string;
  cluster?: string;
  service?: string;
  environment: string;
  tool?: Wanted['tool'];
  up?: string;
  down?: string;
  force?: true;
  dryRun?: true;
  json?: true;
}

/** The parts of a workflow's environment are of no use here: there is no workflow yet. */
const NONE = {
  table: '',
  topic: '',
  settingsPrefix: '',
  answers: '',
  phase: '',
  reports: '',
  redact: [],
  stateMachine: '',
};

type Named = { cluster: string; service: string };

const nameOf = ({ cluster, service }: Named) => `${cluster}/${service}`;

/** The only one that there is, or the one that somebody chooses. @throws Error where there is none, and UsageError where there are several */
async function chosen(all: Named[], options: InitOptions): Promise<Named> {
  const some = all.filter(({ service }) => options.service === undefined || service === options.service);
  const [only] = some;
  if (!only)
    throw new Error(
      options.service === undefined
        ? 'there is no Amazon ECS service; check region and account, or name another --cluster'
        : `there is no service ${shown(options.service)}${options.cluster ? ` in cluster ${shown(options.cluster)}` : ''}; there are ${all.map(nameOf).sort().join(', ') || 'none'}`,
    );
  if (some.length === 1) return only;
  const names = some.map(nameOf).sort();
  const answer = isTerminal() && !options.json ? await asked(`which service, of ${names.join(', ')}?`) : '';
  const named = some.find((one) => [nameOf(one), one.service].includes(answer));
  if (named) return named;
  throw new UsageError(
    `expected --cluster and --service, of ${names.join(', ')}, received ${shown(answer || undefined)}`,
  );
}

const words = (text: string | undefined): string[] | undefined => text?.split(/\s+/).filter(Boolean);

/** What the account does not know, as options say it or somebody who is asked; what stays unsaid is a placeholder. */
async function wantedOf(options: InitOptions): Promise<Wanted> {
  const { environment } = options;
  const ask = async (question: string) =>
    isTerminal() && !options.json ? (await asked(question)) || undefined : undefined;
  const tool = options.tool ?? (await ask(`which tool migrates the database, of ${tools.join(', ')}?`));
  if (tool !== undefined && !(tools as readonly string[]).includes(tool))
    throw new UsageError(`expected --tool, one of ${tools.join(', ')}, received ${shown(tool)}`);
  const up = options.up ?? (await ask('which command applies pending migrations in a task?'));
  const down = options.down ?? (await ask('which command takes them back?'));
  return { environment, tool, up: words(up), down: words(down) };
}

interface File extends AppFile {
  state: 'written' | 'kept' | 'not written';
}

/** Only the source has to be new: the other files may be those of an app that is there. */
function write(files: readonly AppFile[], { folder, force, dryRun }: InitOptions): File[] {
  const source = join(folder, 'app.ts');
  if (!force && !dryRun && existsSync(source))
    throw new Error(`${source} is there already, and nothing was written; choose another folder, or --force`);
  return files.map((file) => {
    const path = join(folder, file.path);
    if (dryRun) return { ...file, state: 'not written' };
    if (!force && existsSync(path)) return { ...file, state: 'kept' };
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, file.text);
    return { ...file, state: 'written' };
  });
}

function textOf(
  found: Found,
  told: Omit<Told, 'cluster' | 'service'>,
  { folder, dryRun }: InitOptions,
): string {
  const { files, refused, gaps, remarks } = told;
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
  return [
    `${nameOf(found)}: ${found.desired} tasks of ${found.task.family}`,
    ...(dryRun ? files.flatMap(({ path, text }) => ['', `${path}:`, text.trimEnd()]) : []),
    ...list(
      'files:',
      dryRun ? [] : files.map(({ path, state }) => `${state.padEnd(8)}${join(folder, path)}`),
    ),
    ...list('refused by Greenlight as it is:', refused),
    ...list(
      'could not be read, and stands in app.ts as <…>:',
      gaps.map(({ where, says }) => `${where}: ${says}`),
    ),
    ...list('to know:', remarks),
    '',
    dryRun ? 'nothing was written, and nothing was changed' : 'nothing was changed in the account',
    ...(dryRun
      ? []
      : [
          `next: put ${packageOf({ greenlight: version })} into ${folder}; npm install; npx cdk synth; docs/adopting.md says what comes before npx cdk deploy`,
        ]),
  ].join('\n');
}

interface Told extends Named {
  files: File[];
  refused: string[];
  gaps: { where: string; says: string }[];
  remarks: string[];
}

/**
 * Writes an app that adopts a service of the account. Exit code 0 where nothing is left to fill in, 1 where there is, or where
 * the service is refused as it is.
 */
export async function init(options: InitOptions): Promise<number> {
  const account = existing.open(NONE);
  const named = await chosen(await account.services(options.cluster), options);
  const found = await account.read(named.cluster, named.service);
  if (!found) throw new Error(`the service ${nameOf(named)} is no longer active`);
  const { text, gaps, remarks } = appOf(found, await wantedOf(options));
  const versions = {
    greenlight: version,
    cdk: dependencies['aws-cdk'],
    lib: dependencies['aws-cdk-lib'],
    constructs: dependencies.constructs,
  };
  const files = write(filesOf(text, options.environment, versions), options);
  const refused = refusalsOf(found);
  print(
    options.json
      ? JSON.stringify({ ...named, files, refused, gaps, remarks }, null, 2)
      : textOf(found, { files, refused, gaps, remarks }, options),
  );
  return gaps.length + refused.length === 0 ? 0 : 1;
}
