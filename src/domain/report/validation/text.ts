import type { ValidationReport } from '.';
import { changeOf, factsOf, queryCells, summaryOf, titleOf } from './parts';

/** For a terminal. */
export function validationText(report: ValidationReport): string {
  return [
    titleOf(report),
    ...factsOf(report).map(([name, value]) => `${name.padEnd(12)}${value}`),
    '',
    ...report.findings.map(
      ({ check, status, detail, trend }) =>
        `  ${status.padEnd(8)}${check.padEnd(18)}${trend ? `${trend} than before: ` : ''}${detail}`,
    ),
    ...(report.figures.length === 0 ? [] : ['']),
    ...report.figures.map((figure) =>
      `  ${figure.of.padEnd(36)}${String(figure.now).padStart(14)}  ${changeOf(figure)}`.trimEnd(),
    ),
    ...(report.queries.length === 0
      ? []
      : ['', '  the heaviest statements: number, calls, mean before and now in ms']),
    ...report.queries.map((query) => `  ${queryCells(query).join('  ')}`),
    '',
    `${summaryOf(report)}; nothing was changed`,
  ].join('\n');
}
