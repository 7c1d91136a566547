import type { Finding } from '../domain/migrations/types';
import type { Judged } from './acceptances';
import { command } from './github-command';

const LONGEST_STATEMENT = 100;

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

/** Place and words as compilers print them, which editors and CI make links of. */
const line = (
  file: string,
  kind: 'error' | 'warning' | 'note',
  { line: at, column, message, rule }: Finding,
) => `${file}:${at}:${column}: ${kind}: ${message} [${rule}]`;

function explained(file: string, finding: Finding): string {
  const locks = finding.locks.map(({ relation, mode }) => `${mode} on ${relation}`).join(', ') || 'none';
  const replicas = finding.blocksReads ? '; read replicas end the queries that are in its way' : '';
  return [
    line(file, 'error', finding),
    `  ${oneLine(finding.statement)}`,
    `  class: ${finding.class}${finding.reversible ? '' : ', cannot be taken back'}`,
    `  lock: ${locks}: ${blocked(finding)}, ${work(finding)}${replicas}`,
    `  live version: ${BREAKS[finding.breaksLiveVersion]}`,
    ...(finding.remedy ? ['help:', ...finding.remedy.split('\n').map((text) => `  ${text}`)] : []),
  ].join('\n');
}

/** Of statements that write rows: that they cannot run again, and what their down scripts take away beside their own. */
function notes(file: string, { again, taken = [], ...finding }: Finding): string[] {
  const noted = [
    ...(again && again.again !== 'same' ? [again] : []),
    ...taken.filter(({ takesMore }) => takesMore),
  ];
  return noted.map(({ rule, message }) => line(file, 'note', { ...finding, rule, message }));
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

/**
 * What a person reads of one file: a line when it is fine, the reasons when it is not, and what could not be read, of which
 * nobody can say that it is fine.
 */
export function fileReport(file: string, findings: readonly Judged[]): string {
  const stopping = findings.filter(({ stops }) => stops);
  const unread = findings.filter(({ class: kind, accepted }) => kind === 'opaque' && !accepted);
  const fine = stopping.length === 0 && unread.length === 0;
  return [
    ...(fine ? [`fine   ${file}  ${counted(findings)}`] : []),
    ...stopping.map((finding) => explained(file, finding)),
    ...unread.map((finding) => line(file, 'warning', finding)),
    ...findings.flatMap((finding) => notes(file, finding)),
  ].join('\n');
}

/** Migrations without any SQL that can be had, for one reason: one line for all of them. */
export const unreadReport = (files: readonly string[], finding: Finding): string =>
  `${line(files[0]!, 'warning', finding)}${files.length > 1 ? `; so are ${files.length - 1} more, up to ${files.at(-1)}` : ''}`;

/** A workflow command that GitHub shows beside the line: an error for what stops, a warning for what cannot be read. */
export function annotation(file: string, finding: Finding): string {
  const kind = finding.stops ? 'error' : 'warning';
  return command(kind, {
    file,
    line: finding.line,
    col: finding.column,
    title: `greenlight: ${finding.rule}`,
    text: finding.remedy ? `${finding.message}\nhelp:\n${finding.remedy}` : finding.message,
  });
}
