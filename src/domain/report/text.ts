import type { Report } from '.';
import { factsOf, locksOf, nowOf, titleOf } from './facts';
import { duration } from './moments';
import type { ReportedStep } from './steps';

const time = (iso: string) => iso.slice(11, 19);
const field = (name: string, value: string) => `${name.padEnd(12)}${value}`;

const indented = (text: string, by: string) => text.split('\n').map((line) => `${by}${line}`);

function findingLines(findings: ReportedStep['findings']): string[] {
  return findings.map(({ check, status, detail }) => `      ${status.padEnd(8)}${check.padEnd(13)}${detail}`);
}

/** Of a look at the database before anything happened only what is remarkable; afterwards everything. */
function shown({ step, findings }: ReportedStep): ReportedStep['findings'] {
  return step === 'InspectDatabase' ? findings.filter(({ status }) => status !== 'ok') : findings;
}

const evidenceLines = (evidence: ReportedStep['evidence']): string[] =>
  evidence.map(({ of, verdict, because }) => `      ${verdict.padEnd(10)}${of.padEnd(13)}${because}`);

/** A step, what it found, and the evidence with its numbers, a line each. */
export function stepLines(step: ReportedStep): string[] {
  const [first = '', ...more] = step.said.split('\n');
  const name = step.looks > 1 ? `${step.step} ×${step.looks}` : step.step;
  return [
    `  ${time(step.at)}  ${name.padEnd(22)}${first}`.trimEnd(),
    ...more.flatMap((line) => indented(line, '      ')),
    ...findingLines(shown(step)),
    ...evidenceLines(step.evidence),
  ];
}

/** One part of a message per line: an operator's report has many, each with its own command. */
const parts = (cause: string) => cause.split('; ').flatMap((part) => indented(part, '  '));

/** The report as text, for a terminal or a mail. */
export function reportText(report: Report): string {
  const { outcome, cause } = report;
  return [
    titleOf(report),
    ...factsOf(report).map(([name, value]) => field(name, value)),
    ...report.migrations.map((one) => field('migration', `${one.id}: ${one.class}; locks: ${locksOf(one)}`)),
    ...report.phases.flatMap(({ phase, began, seconds, steps }) => [
      '',
      `${phase}, from ${time(began)}, ${duration(seconds)}`,
      ...steps.flatMap(stepLines),
    ]),
    '',
    `ended: ${outcome ?? 'not yet'}`,
    ...(cause === '' ? [] : parts(cause)),
    `now: ${nowOf(report)}`,
  ].join('\n');
}
