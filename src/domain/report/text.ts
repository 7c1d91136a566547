import { describeWeights } from '../traffic/weights';
import type { Report, ReportedStep } from '.';

/** 83.4 as "1 min 23 s", 5.25 as "5.3 s". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return [...(hours > 0 ? [`${hours} h`] : []), `${minutes} min`, `${whole % 60} s`].join(' ');
}

export const moment = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
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
  const { now, outcome, cause } = report;
  return [
    `${report.requestedImage}: ${outcome ?? 'not ended'}`,
    field('deployment', report.deployment),
    field('service', report.service),
    field('image', report.image),
    field('asked by', report.requestedBy),
    field('reason', report.reason),
    field('strategy', report.strategy),
    field('began', `${moment(report.began)}, took ${duration(report.seconds)}`),
    ...report.phases.flatMap(({ phase, began, seconds, steps }) => [
      '',
      `${phase}, from ${time(began)}, ${duration(seconds)}`,
      ...steps.flatMap(stepLines),
    ]),
    '',
    `ended: ${outcome ?? 'not yet'}`,
    ...(cause === '' ? [] : parts(cause)),
    now
      ? `now: slot ${now.slot} serves${now.image ? ` ${now.image}` : ''}, weights ${describeWeights(now.weights)}`
      : 'now: nothing is recorded of the service',
  ].join('\n');
}
