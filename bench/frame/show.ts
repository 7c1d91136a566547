import type { Result, Spread } from './result';
import type { Row, Wanted } from './row';

/** A figure for people: three digits that count. */
export function figure(value: number): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return Number(value.toFixed(digits)).toLocaleString('en');
}

/** The median, and where samples differ their least and greatest. */
function spread({ median, min, max, samples }: Spread, unit: string): string {
  const range = samples > 1 && min !== max ? ` (${figure(min)} to ${figure(max)})` : '';
  return `${[figure(median), unit].filter(Boolean).join(' ')}${range}`;
}

const bound = ({ bound, value, times }: Wanted, unit: string) =>
  `${bound} ${value.toLocaleString('en')}${times ? ' ×' : unit && ` ${unit}`}`;

export const wantedOf = ({ wanted = [], unit }: Row) => wanted.map((one) => bound(one, unit)).join(', ');

export const HEAD = ['', 'other side', 'now', 'ratio', 'wanted', 'met'] as const;

/** The cells of a row, in the order of HEAD. */
export function cells({ row, now, beside, other, ratio, met, missing }: Result): string[] {
  const theirs = other ? `${beside}: ${spread(other, row.unit)}` : now ? (missing ?? '') : '';
  return [
    row.name,
    theirs,
    now ? spread(now, row.unit) : (missing ?? 'not measured yet'),
    ratio === undefined ? '' : `${figure(ratio)} ×`,
    wantedOf(row),
    met === undefined ? '' : met ? 'yes' : 'no',
  ];
}
