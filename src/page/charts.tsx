import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Chart, Charts, Side } from '../domain/page/traffic';
import { Part, Table } from './words';

const HEIGHT = 190;
const DARK = '(prefers-color-scheme: dark)';

/** A colour as the style sheet has it, of the mode that is on. */
const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);

const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 19);

const nameOf = (side: Side, of: string) => (of ? `${side} ${of}` : side);

/** Lines where phases began and weights changed, with their names. */
const marksOf = (marks: () => Charts['marks']): uPlot.Plugin => ({
  hooks: {
    draw: ({ ctx, bbox, valToPos }) => {
      ctx.save();
      ctx.strokeStyle = colour('faint');
      ctx.fillStyle = colour('ink');
      ctx.textAlign = 'left';
      ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      // where the text of each line of them ends: neighbours do not stand on each other
      const ends: number[] = [];
      for (const { at, text } of marks()) {
        const x = valToPos(at, 'x', true);
        if (x < bbox.left || x > bbox.left + bbox.width) continue;
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
        const free = ends.findIndex((end) => end < x);
        const lane = free < 0 ? ends.length : free;
        ends[lane] = x + ctx.measureText(text).width + 8;
        ctx.fillText(text, x + 3, bbox.top + (11 + lane * 12) * devicePixelRatio);
      }
      ctx.restore();
    },
  },
});

function optionsOf(chart: Chart, width: number, marks: () => Charts['marks']): uPlot.Options {
  const [ink, faint] = [colour('ink'), colour('faint')];
  const axis = { stroke: ink, grid: { stroke: faint, width: 0.5 }, ticks: { stroke: faint } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...axis, values: (_, at) => at.map(clock) },
      { ...axis, size: 56 },
    ],
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
    series: [
      {},
      ...chart.series.map(({ side, of }) => ({
        label: nameOf(side, of),
        stroke: colour(side),
        // green is dashed as well: colours alone do not reach everybody
        dash: side === 'green' ? [7, 4] : undefined,
        width: of === 'p99' ? 1 : 2,
        points: { show: chart.series[0]?.values.length === 1 },
      })),
    ],
    plugins: [marksOf(marks)],
  };
}

/** One side may be published a period before the other. */
const newest = (values: readonly (number | null)[]) =>
  values.slice(-2).findLast((value) => value !== null) ?? 'none';

function Plot({ chart, charts }: { chart: Chart; charts: Charts }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const marks = useRef(charts.marks);
  const [dark, setDark] = useState(matchMedia(DARK).matches);
  marks.current = charts.marks;
  const data = [charts.times, ...chart.series.map(({ values }) => values)] as uPlot.AlignedData;
  useEffect(() => {
    const div = place.current!;
    const made = new uPlot(
      optionsOf(chart, div.clientWidth, () => marks.current),
      data,
      div,
    );
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: div.clientWidth, height: HEIGHT }));
    resized.observe(div);
    const mode = matchMedia(DARK);
    const changed = () => setDark(mode.matches);
    mode.addEventListener('change', changed);
    return () => {
      mode.removeEventListener('change', changed);
      resized.disconnect();
      made.destroy();
    };
  }, [dark]);
  useEffect(() => plot.current?.setData(data));
  const said = chart.series.map(({ side, of, values }) => `${nameOf(side, of)} ${newest(values)}`).join(', ');
  return (
    <figure>
      <figcaption>
        <b>{chart.name}</b> {chart.unit}:{' '}
        {chart.series.map(({ side, of, values }) => (
          <span class={`key ${side}`} key={nameOf(side, of)}>
            {nameOf(side, of)} <b>{newest(values)}</b>
          </span>
        ))}
      </figcaption>
      <div role="img" aria-label={`${chart.name} ${chart.unit}, the newest: ${said}`} ref={place} />
    </figure>
  );
}

/** So many of the newest periods are told as numbers. */
const TOLD = 15;

export function ChartsPart({ charts }: { charts: Charts }) {
  const [open, setOpen] = useState(false);
  const columns = charts.charts.flatMap(({ name, series }) =>
    series.map(({ side, of, values }) => ({ name: `${name}, ${nameOf(side, of)}`, values })),
  );
  const from = Math.max(0, charts.times.length - TOLD);
  return (
    <Part id="charts" title={`Users' requests, by periods of ${charts.periodSeconds} s`}>
      <div class="charts">
        {charts.charts.map((chart) => (
          <Plot key={chart.name} chart={chart} charts={charts} />
        ))}
      </div>
      <details onToggle={({ currentTarget }) => setOpen((currentTarget as HTMLDetailsElement).open)}>
        <summary>The newest {Math.min(TOLD, charts.times.length)} periods as numbers</summary>
        {open && (
          <Table caption="Periods" heads={['until, UTC', ...columns.map(({ name }) => name)]}>
            {charts.times
              .slice(from)
              .map((at, index) => (
                <tr key={at}>
                  <th scope="row">{clock(at)}</th>
                  {columns.map(({ name, values }) => (
                    <td key={name}>{values[from + index] ?? ''}</td>
                  ))}
                </tr>
              ))
              .reverse()}
          </Table>
        )}
      </details>
    </Part>
  );
}
