import { told } from '../text/markdown';
import type { Report } from '.';
import { checklistMarkdown } from './checklist/markdown';
import { factsOf, locksOf, nowOf, titleOf } from './facts';
import { duration } from './moments';
import type { ReportedStep } from './steps';

export const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function stepRow({ step, at, looks, said, findings, evidence }: ReportedStep): string[] {
  const lines = [
    said,
    ...findings.map(({ check, status, detail }) => `${status}: ${check}: ${detail}`),
    ...evidence.map(({ of, verdict, because }) => `${verdict}: ${of}: ${because}`),
  ];
  return [at.slice(11, 19), looks > 1 ? `${step} ×${looks}` : step, told(lines.filter(Boolean).join('\n'))];
}

/** The report as a comment of a pull request, or for a wiki. */
export function reportMarkdown(report: Report): string {
  return [
    `## ${told(titleOf(report))}`,
    '',
    ...(report.cause === '' ? [] : [...report.cause.split('; ').map((part) => `- ${told(part)}`), '']),
    `Now ${told(nowOf(report))}.`,
    '',
    table(
      ['', ''],
      factsOf(report).map(([name, value]) => [name, told(value)]),
    ),
    ...(report.migrations.length === 0
      ? []
      : [
          '',
          table(
            ['migration', 'class', 'locks'],
            report.migrations.map((one) => [told(one.id), one.class, told(locksOf(one))]),
          ),
        ]),
    ...report.phases.flatMap(({ phase, began, seconds, steps }) => [
      '',
      `### ${told(phase)}, from ${began.slice(11, 19)}, ${duration(seconds)}`,
      '',
      table(['at, UTC', 'step', 'what it said'], steps.map(stepRow)),
    ]),
    '',
    '### Checklist',
    '',
    checklistMarkdown(report.checklist),
  ].join('\n');
}
