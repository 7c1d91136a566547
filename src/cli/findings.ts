import type { Finding } from '../domain/migrations/types';
import type { Judged } from './acceptances';

const LONGEST_STATEMENT = 100;

const indented = (text: string, by: string) => text.replaceAll(/^/gm, by);

/** One line of SQL, cut. */
export function oneLine(statement: string): string {
  const line = statement.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST_STATEMENT ? `${line.slice(0, LONGEST_STATEMENT - 1)}…` : line;
}

const BREAKS = {
  no: 'goes on working',
  yes: 'breaks',
  conditional: 'may break',
} as const;

function blocked({ blocksReads, blocksWrites }: Finding): string {
  if (blocksReads) return 'reads and writes wait';
  return blocksWrites ? 'writes wait' : 'nobody waits';
}

function work({ rewrite, scan }: Finding): string {
  if (rewrite) return 'the table is rewritten';
  return scan ? 'the table is read whole' : 'no row is read';
}

function explained(finding: Finding): string[] {
  const locks = finding.locks.map(({ relation, mode }) => `${mode} on ${relation}`).join(', ') || 'none';
  return [
    `${finding.line}:${finding.column}  ${oneLine(finding.statement)}`,
    `  stops     ${finding.message} (${finding.rule})`,
    `  class     ${finding.class}${finding.reversible ? '' : ', cannot be taken back'}`,
    `  lock      ${locks}: ${blocked(finding)}, ${work(finding)}`,
    `  running   the running version ${BREAKS[finding.breaksOldVersion]}`,
    ...(finding.remedy ? ['  instead', indented(finding.remedy, '    ')] : []),
  ];
}

/** "3 statements: 2 expand, 1 none" */
function counted(findings: readonly Judged[]): string {
  const counts = new Map<string, number>();
  for (const { class: kind, accepted } of findings) {
    const name = accepted ? 'accepted' : kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = `${findings.length} ${findings.length === 1 ? 'statement' : 'statements'}`;
  return findings.length === 0
    ? 'no statements'
    : `${total}: ${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}`;
}

/** What a person reads of one file: a line when it is fine, the reasons when it is not. */
export function fileReport(file: string, findings: readonly Judged[]): string {
  const stopping = findings.filter(({ stops }) => stops);
  if (stopping.length === 0) return `fine   ${file}  ${counted(findings)}`;
  return [
    `stops  ${file}  ${counted(findings)}`,
    ...stopping.map((one) => indented(explained(one).join('\n'), '  ')),
  ].join('\n');
}

/** In properties colons and commas end the value. Source: GitHub's toolkit, packages/core/src/command.ts. */
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A workflow command that GitHub shows beside the line. */
export function annotation(file: string, finding: Finding): string {
  const place = `file=${property(file)},line=${finding.line},col=${finding.column}`;
  const remedy = finding.remedy ? `\ninstead:\n${finding.remedy}` : '';
  return `::error ${place},title=${property(`greenlight: ${finding.rule}`)}::${data(`${finding.message}${remedy}`)}`;
}
