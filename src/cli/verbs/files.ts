import { type Command, Option } from '@commander-js/extra-typings';
import { type Attempt, attempts } from '../../domain/attempts/attempt';
import { UsageError } from '../usage-error';
import { perhapsWorkflow, repeatable, wholeNumber } from './options';
import type { End } from './verb';

function attemptNamed(name: string): Attempt {
  const found = attempts.find((one) => one === name);
  if (found) return found;
  throw new UsageError(
    `expected --only ATTEMPT, one of ${attempts.join(', ')}, received ${JSON.stringify(name)}`,
  );
}

const PATH = 'folder of the project, or one of its files';
const tool = () => new Option('--tool <TOOL>', 'the migration tool, where its files do not tell');
const contract = () =>
  new Option('--contract <FOLDER>', 'contract migrations, which run once the previous version is gone');
const database = () =>
  new Option(
    '--database <URL>',
    'look at what is pending there, by its own tables and their sizes',
  ).conflicts('tables');
const historyTable = () =>
  new Option(
    '--history-table <NAME>',
    'table in which the tool records there what it has applied, or "none" where nothing is',
  ).conflicts('tables');
const tables = () =>
  new Option(
    '--tables <new|FILE>',
    'without a database: tables nobody has created are new, or the schema as SQL',
  );
const since = () => new Option('--since <REF>', 'only files changed since the git ref');

/** Verbs that read a project's files. */
export function addFileVerbs(program: Command, end: End): void {
  program.commandsGroup("a project's files:");

  program
    .command('init')
    .summary('write an app for a service that serves today')
    .description(
      'Reads a service from the account (Amazon ECS, its load balancer, its database) and writes a CDK app that adopts it. What it cannot read it asks in a terminal; what stays open stands in the app as <…>. It says what Greenlight refuses of the service, and changes nothing in the account. Exit code 0 when nothing is left to fill in, 1 when something is, or is refused.',
    )
    .argument('[folder]', 'where the app is written', '.')
    .option('--cluster <NAME>', 'its cluster (the one that has it)')
    .option('--service <NAME>', 'the service (the only one there is)')
    .option('--environment <E>', 'that it is deployed in', 'production')
    .addOption(tool())
    .option('--up <COMMAND>', 'what applies pending migrations in a task of the released image')
    .option('--down <COMMAND>', 'what takes migrations back')
    .option('--force', 'write over files that are there')
    .option('--dry-run', 'print the app, and write nothing')
    .option('--json', 'one JSON document instead of text')
    .addHelpText(
      'after',
      '\nRegion, credentials and endpoint are those of the AWS SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL.',
    )
    .action(async (folder, options) => end(await (await import('../init.ts')).init({ folder, ...options })));

  program
    .command('check')
    .summary('say what migrations do to a running production')
    .description(
      'Says what each migration does to a production that runs while it is applied. Exit code 1 when one would stop a deployment, 2 for a command line that cannot be understood.',
    )
    .argument('[path]', PATH, '.')
    .addOption(tool())
    .addOption(contract())
    .addOption(database())
    .addOption(historyTable())
    .addOption(tables())
    .addOption(since())
    .option(
      '--accept <FILE>',
      'JSON list of {file, line?, rule, reason, until: YYYY-MM-DD} that no longer stop',
    )
    .addOption(
      new Option('--format <FORMAT>', 'how findings are printed; github: annotations')
        .choices(['text', 'github', 'sarif', 'json'] as const)
        .default('text' as const),
    )
    .option('--json', 'the same as --format json: a list of findings, one for each statement')
    .action(async (path, options) => end(await (await import('../check.ts')).check({ path, ...options })));

  program
    .command('plan')
    .summary('write the releases that make a breaking change without stopping anybody')
    .description(
      'For each change that would stop a deployment: the releases that make it without stopping anybody, with their SQL.',
    )
    .argument('[path]', PATH, '.')
    .addOption(tool())
    .addOption(contract())
    .addOption(database())
    .addOption(historyTable())
    .addOption(tables())
    .addOption(since())
    .option('--write <DIR>', 'put the steps as files of the tool into DIR/release-1, DIR/release-2, ...')
    .option('--as <TOOL>', 'write files of this tool instead')
    .option(
      '--checklist',
      'what a team ticks around the release, filled in with what was proven, as Markdown',
    )
    .option('--tried <FILE>', 'what greenlight try --json has said of the release, for the checklist')
    .option('--service <NAME>', 'fill the checklist in with what stands in the account')
    .option(
      '--deployment <NAME>',
      'fill it in with a deployment, or with what a --dry-run has planned, in place of files',
    )
    .addOption(perhapsWorkflow())
    .option('--json', 'a list of findings, each with its plans; of the checklist a list of points')
    .action(async (path, options) => end(await (await import('../plan.ts')).plan({ path, ...options })));

  program
    .command('try')
    .summary("run a release's migrations on a real PostgreSQL, in every way that they may have to go")
    .description(
      "Runs a release's migrations by their own tool on a PostgreSQL of this machine, which the package greenlight-local brings: fresh, again, incremental (with rows in every table), rollback, interrupted, two runs at once, and, with a survey, on tables as full as production's. Exit code 1 when something was found that would hurt.",
    )
    .argument('[path]', "the project's folder, from which its migration tool is run", '.')
    .addOption(tool())
    .option('--since <REF>', 'what has come since the git ref is one release; without it each migration is')
    .option(
      '--command <LINE>',
      "a shell's line that applies what is pending, instead of the tool's own command",
    )
    .option(
      '--revert-command <LINE>',
      "one that takes back, with {keep}, {count} or {oldest} as in the service's settings",
    )
    .option('--seeds <LINE>', "one that brings the service's reference data: run twice behind all migrations")
    .option('--database <URL>', 'an empty database of a server on which the role may make others, instead')
    .option('--history-table <NAME>', 'table in which the tool records what it has applied')
    .option('--survey <FILE>', "what greenlight survey wrote of production: its tables' sizes, and no values")
    .addOption(wholeNumber('--rows <N>', 'at most so many rows are made in a table (1000000)'))
    .addOption(wholeNumber('--postgres <N>', 'major version of PostgreSQL'))
    .addOption(repeatable('--role <NAME>', 'a role that the migrations name and do not make (repeatable)'))
    .addOption(
      new Option('--only <ATTEMPT>', 'only this one (repeatable)')
        .choices(attempts)
        .argParser((one: string, before: Attempt[] | undefined) => [...(before ?? []), attemptNamed(one)]),
    )
    .addOption(
      new Option('--format <FORMAT>', 'how results are printed; github: annotations')
        .choices(['text', 'github', 'json'] as const)
        .default('text' as const),
    )
    .option('--json', 'the same as --format json: one document with a result for each migration and attempt')
    .action(async (path, options) =>
      end(await (await import('../try.ts')).tryMigrations({ path, ...options })),
    );

  program
    .command('survey')
    .summary("write how full a production database's tables are, without any value of theirs")
    .description(
      "Reads PostgreSQL's own statistics in one read-only transaction with time limits, and writes names of tables and columns, rows, bytes, widths, shares without a value and numbers of different values as JSON. No value of a row, a default or a check is in it.",
    )
    .requiredOption('--database <URL>', 'the database to look at')
    .option('--out <FILE>', 'write it to a file')
    .action(async (options) => end(await (await import('../survey.ts')).survey(options)));

  program
    .command('bundle')
    .summary("write the manifest of a release's migrations")
    .description(
      "Writes the manifest of a release's migrations: the same bytes for the same migrations. Without --out or --s3 it is printed, and its digest goes to standard error.",
    )
    .argument('[path]', "the project's folder, from which its migration tool is run", '.')
    .addOption(tool())
    .addOption(contract())
    .addOption(new Option('--out <FILE>', 'write it to a file').conflicts('s3'))
    .option('--s3 <s3://B/KEY>', 'upload it to a bucket, where a deployment finds it')
    .option('--json', 'print one JSON line with tool, migrations, contract, opaque, location and digest')
    .action(async (path, options) => end(await (await import('../bundle.ts')).bundle({ path, ...options })));

  program
    .command('rules')
    .summary('list what check knows of statements, or explain one rule')
    .description(
      'What check knows of statements, one rule a line: its id, which a finding ends with, and when it holds.',
    )
    .option('--explain <ID>', 'what one rule says, with an example and what to do instead')
    .action(async (options) => end(await (await import('../rules.ts')).rules(options)));

  program
    .command('config')
    .summary('say how each environment deploys, and what is wrong with its file')
    .description(
      'Says how each environment of a project deploys: the built-in policy, and over it what the file says. Exit code 1 when the file has problems; each is named with its path, what was expected and what was received.',
    )
    .argument('[file]', "the project's configuration (greenlight.json)")
    .option('--environment <E>', 'only this one')
    .option('--json', 'the complete policies as one JSON object')
    .option('--schema', "the file's JSON schema, for editors")
    .action(async (file, options) => end(await (await import('../config.ts')).config({ file, ...options })));
}
