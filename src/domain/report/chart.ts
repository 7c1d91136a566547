import { escaped } from '../text/html';
import type { Report } from '.';
import type { Series } from './series';

const [WIDTH, HEIGHT] = [640, 140];
/** Around the lines: room for the scale on the left, and for the shifts below. */
const EDGE = { left: 96, right: 12, top: 10, bottom: 22 };

const rounded = (value: number) => String(Number(value.toPrecision(3)));
const said = (value: number, unit: Series['unit']) => `${rounded(value)} ${unit}`;

/** What a chart shows, in words: who cannot see it reads the same. */
function inWords({ points, unit }: Series): string {
  const of = (side: 'green' | 'blue') => {
    const values = points.flatMap((point) => point[side] ?? []);
    if (values.length === 0) return [];
    const last = values.at(-1) ?? 0;
    return [`${side} at last ${said(last, unit)}, at most ${said(Math.max(...values), unit)}`];
  };
  return [...of('green'), ...of('blue')].join('; ');
}

/** A picture that needs no program: green a line with dots, blue a broken one, and where users were moved. */
export function chartOf(series: Series, shifts: Report['shifts']): string {
  const { name, unit, points } = series;
  const times = points.map(({ at }) => Date.parse(at));
  const moves = shifts.map(({ at, greenPercent }) => ({ at: Date.parse(at), greenPercent }));
  const all = [...times, ...moves.map(({ at }) => at)];
  const [from, to] = [Math.min(...all), Math.max(...all)];
  const top = Math.max(...points.flatMap(({ green, blue }) => [green, blue ?? 0])) || 1;
  const x = (at: number) =>
    EDGE.left + ((at - from) / Math.max(1, to - from)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (value: number) => HEIGHT - EDGE.bottom - (value / top) * (HEIGHT - EDGE.top - EDGE.bottom);
  const place = (at: number, value: number) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
  const line = (side: 'green' | 'blue') =>
    points.flatMap((point, index) => {
      const value = point[side];
      return value === null ? [] : [place(times[index] ?? from, value)];
    });
  const dots = line('green').map((at) => {
    const [cx, cy] = at.split(',');
    return `<circle cx="${cx}" cy="${cy}" r="2.5"/>`;
  });
  const marks = moves.map(({ at, greenPercent }) => {
    const where = x(at).toFixed(1);
    return `<line class="move" x1="${where}" x2="${where}" y1="${EDGE.top}" y2="${HEIGHT - EDGE.bottom}"/><text x="${where}" y="${HEIGHT - 6}">${greenPercent} % on green</text>`;
  });
  return `<figure><figcaption>${escaped(name)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(`${name}: ${inWords(series)}`)}">
<text x="0" y="${EDGE.top + 8}">${said(top, unit)}</text><text x="0" y="${HEIGHT - EDGE.bottom}">0</text>
${marks.join('\n')}
<polyline class="blue" points="${line('blue').join(' ')}"/>
<g class="green"><polyline points="${line('green').join(' ')}"/>${dots.join('')}</g>
</svg>
<p>${escaped(inWords(series))}</p></figure>`;
}
