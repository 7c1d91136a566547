import { pageOf, row, table, told, verdict } from '../html-parts';
import type { ValidationReport } from '.';
import { FIGURE_HEADS, factsOf, figureCells, QUERY_HEADS, queryCells, summaryOf, titleOf } from './parts';

/** A page of its own. */
export function validationHtml(report: ValidationReport): string {
  const section = (title: string, heads: readonly string[], rows: readonly string[]) =>
    rows.length === 0 ? '' : `<h2>${title}</h2>\n${table(heads, rows)}`;
  const plain = (cells: readonly string[]) => row(cells.map(told));
  return pageOf(
    titleOf(report),
    `<p class="outcome">${told(summaryOf(report))}; nothing was changed.</p>
<dl>${factsOf(report)
      .map(([name, value]) => `<dt>${name}</dt><dd>${told(value)}</dd>`)
      .join('\n')}</dl>
${section(
  'Checks',
  ['check', 'state', 'trend', 'what was found'],
  report.findings.map(({ check, status, trend = '', detail }) =>
    row([told(check), verdict(status), trend, told(detail)]),
  ),
)}
${section(
  'Figures',
  FIGURE_HEADS,
  report.figures.map((figure) => plain(figureCells(figure))),
)}
${section(
  'Statements',
  QUERY_HEADS,
  report.queries.map((query) => plain(queryCells(query))),
)}`,
  );
}
