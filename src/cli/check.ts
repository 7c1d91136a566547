import { analyse } from '../domain/migrations/analyse';
import { inTheirPhase, onlyBreaksBefore } from '../domain/migrations/contract';
import type { Finding } from '../domain/migrations/types';
import { accept, type Judged } from './acceptances';
import { annotation, fileReport, unreadReport } from './findings';
import { only, optionsOf } from './options';
import { print, remark } from './print';
import { type Project, readProject, shownPath } from './release';
import type { Verb } from './verb';

const FORMATS = ['text', 'github', 'json', 'sarif'];

const USAGE = `usage: greenlight check [path] [options]

Says what each migration does to a production that runs while it is applied. Exit code 1 when one would stop a
deployment, 2 for a command line that cannot be understood.

  path                 folder of the project, or one of its files (.)
  --tool TOOL          the migration tool, where its files do not tell
  --contract FOLDER    contract migrations, which run once the previous version is gone
  --database URL       check what is pending there, by its own tables and their sizes
  --tables new|FILE    without a database: tables nobody has created are new, or the schema as SQL
  --since REF          only files changed since the git ref
  --accept FILE        JSON list of {file, line?, rule, reason, until: YYYY-MM-DD} that no longer stop
  --format FORMAT      text, github (annotations), sarif or json (text)
  --json               the same as --format json: a list of findings, one for each statement
  --help               this text`;

const OPTIONS = {
  tool: { type: 'string' },
  contract: { type: 'string' },
  database: { type: 'string' },
  tables: { type: 'string' },
  since: { type: 'string' },
  accept: { type: 'string' },
  format: { type: 'string', default: 'text' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const parse = (args: readonly string[]) =>
  optionsOf('check', args, OPTIONS, ({ values, positionals }) => {
    if (!FORMATS.includes(values.format))
      throw new Error(`unknown format ${JSON.stringify(values.format)}, it is one of ${FORMATS.join(', ')}`);
    return { ...values, path: only(positionals) ?? '.', format: values.json ? 'json' : values.format };
  });

async function findingsOf({ releases }: Project, tables: string | undefined): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { migrations, catalog } of releases) {
    const findings = await analyse(migrations, catalog, { unknownTablesAreNew: tables === 'new' });
    found.push(...inTheirPhase(findings, migrations));
  }
  return found;
}

const isUnread = (findings: readonly Judged[]) =>
  findings.length === 1 &&
  findings[0]!.class === 'opaque' &&
  findings[0]!.statement === '' &&
  !findings[0]!.accepted;

function printText({ root, files }: Project, findings: readonly Judged[]): void {
  const byFile = new Map(files.map((file): [string, Judged[]] => [file, []]));
  for (const finding of findings) byFile.get(finding.file)?.push(finding);
  const unread = new Map<string, string[]>();
  for (const [file, own] of byFile) {
    const shown = shownPath(root, file);
    if (!isUnread(own)) print(fileReport(shown, own));
    else unread.set(own[0]!.message, [...(unread.get(own[0]!.message) ?? []), shown]);
  }
  for (const [message, shown] of unread)
    print(unreadReport(shown, findings.find((one) => one.message === message)!));
  const stopping = findings.filter(({ stops }) => stops).length;
  if (files.length === 0) print('nothing to check: no migration is pending or has changed');
  else if (stopping > 0)
    print(
      `\n${stopping} of ${findings.length} statements would stop a deployment; greenlight plan writes the releases that do not`,
    );
  if (findings.some(onlyBreaksBefore))
    print('what this release itself no longer uses may go into its contract part: --contract FOLDER');
}

async function report(format: string, project: Project, findings: readonly Judged[]): Promise<void> {
  const shown = (file: string) => shownPath(project.root, file);
  if (format === 'json') print(JSON.stringify(findings, null, 2));
  else if (format === 'text') printText(project, findings);
  else if (format === 'sarif') {
    const { sarif } = await import('./sarif.ts');
    print(
      JSON.stringify(sarif(findings.map((finding) => ({ ...finding, shown: shown(finding.file) }))), null, 2),
    );
  } else
    for (const finding of findings.filter(
      ({ stops, class: kind, accepted }) => stops || (kind === 'opaque' && !accepted),
    ))
      print(annotation(shown(finding.file), finding));
}

export const check: Verb = {
  async run(args) {
    const { help, format, accept: file, ...options } = parse(args);
    if (help) {
      print(USAGE);
      return 0;
    }
    const acceptances =
      file === undefined ? [] : (await import('./acceptance-file.ts')).readAcceptances(file);
    const project = await readProject(options);
    const today = new Date().toISOString().slice(0, 10);
    const { findings, remarks } = accept(await findingsOf(project, options.tables), acceptances, today);
    remarks.forEach(remark);
    await report(format, project, findings);
    return findings.some(({ stops }) => stops) ? 1 : 0;
  },
};
