import { moment } from '../moments';
import type { ValidationReport } from '.';

/** What every form says, in these words. */

export const titleOf = ({ service, level }: ValidationReport): string => `${service}: validated, ${level}`;

/** The gravest first, for a heading: "1 failed, 3 warnings, 12 ok". */
export function summaryOf({ findings }: ValidationReport): string {
  const of = (wanted: string) => findings.filter(({ status }) => status === wanted).length;
  return `${of('failed')} failed, ${of('warning')} warnings, ${of('ok')} ok`;
}

export const factsOf = (report: ValidationReport): [name: string, value: string][] => [
  ['run', report.run],
  ['looked at', moment(report.at)],
  ['asked by', report.requestedBy],
  ['reason', report.reason],
  [
    'against',
    report.against
      ? `${report.against.run}, ${moment(report.against.at)}`
      : 'no run before this one is in the journal',
  ],
];

const plain = (value: number) => String(Number(value.toFixed(1)));

/** "+12", "−3", "=", or nothing where there is no other run. */
export function changeOf({ before, now }: ValidationReport['figures'][number]): string {
  if (before === null) return '';
  const difference = now - before;
  return difference === 0 ? '=' : `${difference > 0 ? '+' : '−'}${plain(Math.abs(difference))}`;
}

export const figureCells = (figure: ValidationReport['figures'][number]): string[] => [
  figure.of,
  figure.before === null ? '' : plain(figure.before),
  plain(figure.now),
  changeOf(figure),
];
export const FIGURE_HEADS = ['figure', 'before', 'now', 'change'];

const ms = (value: number | null) => (value === null ? '' : Number(value.toPrecision(3)).toString());

export const queryCells = ({
  id,
  text,
  calls,
  beforeMs,
  nowMs,
}: ValidationReport['queries'][number]): string[] => [id, String(calls), ms(beforeMs), ms(nowMs), text];
export const QUERY_HEADS = ['statement', 'calls', 'mean before, ms', 'mean now, ms', 'text'];
