import { told } from '../../text/markdown';
import { table } from '../markdown';
import type { ValidationReport } from '.';
import { FIGURE_HEADS, factsOf, figureCells, QUERY_HEADS, queryCells, summaryOf, titleOf } from './parts';

/** For a ticket or a wiki. */
export function validationMarkdown(report: ValidationReport): string {
  const section = (title: string, heads: readonly string[], rows: readonly string[][]) =>
    rows.length === 0
      ? []
      : [
          '',
          `### ${title}`,
          '',
          table(
            heads,
            rows.map((row) => row.map(told)),
          ),
        ];
  return [
    `## ${told(titleOf(report))}`,
    '',
    `${told(summaryOf(report))}; nothing was changed.`,
    '',
    table(
      ['', ''],
      factsOf(report).map(([name, value]) => [name, told(value)]),
    ),
    ...section(
      'Checks',
      ['check', 'state', 'trend', 'what was found'],
      report.findings.map(({ check, status, trend = '', detail }) => [check, status, trend, detail]),
    ),
    ...section('Figures', FIGURE_HEADS, report.figures.map(figureCells)),
    ...section('Statements', QUERY_HEADS, report.queries.map(queryCells)),
  ].join('\n');
}
