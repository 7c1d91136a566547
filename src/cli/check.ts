import { analyse } from '../domain/migrations/analyse';
import { inTheirPhase, onlyBreaksBefore } from '../domain/migrations/contract';
import type { Finding } from '../domain/migrations/types';
import { accept, type Judged } from './acceptances';
import { annotation, fileReport, unreadReport } from './findings';
import { print, remark } from './print';
import { type Project, type ReleaseOptions, readProject, shownPath } from './release';

interface CheckOptions extends ReleaseOptions {
  /** A file of acceptances. */
  accept?: string;
  format: 'text' | 'github' | 'sarif' | 'json';
  json?: true;
}

async function findingsOf({ releases, tool }: Project, tables: string | undefined): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { migrations, catalog } of releases) {
    const findings = await analyse(migrations, catalog, { tool, unknownTablesAreNew: tables === 'new' });
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

/** Exit code 1 when a statement would stop a deployment. */
export async function check({ format, json, accept: file, ...options }: CheckOptions): Promise<number> {
  const acceptances = file === undefined ? [] : (await import('./acceptance-file.ts')).readAcceptances(file);
  const project = await readProject(options);
  const today = new Date().toISOString().slice(0, 10);
  const { findings, remarks } = accept(await findingsOf(project, options.tables), acceptances, today);
  remarks.forEach(remark);
  await report(json ? 'json' : format, project, findings);
  return findings.some(({ stops }) => stops) ? 1 : 0;
}
