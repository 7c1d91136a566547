import { executionPage } from '../text/console';
import { escaped } from '../text/html';
import { printable } from '../text/printable';
import type { Report } from '.';
import { chartOf } from './chart';
import { factsOf, locksOf, nowOf, titleOf } from './facts';
import { duration } from './moments';
import type { ReportedStep } from './steps';

const STYLE = `:root { color-scheme: light dark; --line: #8886; --good: #1a7f37; --bad: #cf222e; --open: #9a6700 }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #f85149; --open: #d29922 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem }
dt { font-weight: 600 } dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
.bar { display: block; height: .8rem; min-width: 2px; background: currentColor; opacity: .6 }
.way { display: flex; flex-wrap: wrap; gap: .3rem; padding: 0; list-style: none }
.way li { border: 1px solid var(--line); border-radius: .3rem; padding: .2rem .6rem } .way li + li::before { content: '→ ' }
figure { margin: 1rem 0 } figcaption { font-weight: 600 } figure p { margin: 0; font-size: .85em } svg { width: 100%; max-width: 40rem }
svg text { font: 11px system-ui, sans-serif; fill: currentColor } polyline { fill: none; stroke-width: 2 }
svg .move { stroke: currentColor; opacity: .4 } svg .move + text { text-anchor: middle } svg .green { stroke: var(--good); fill: var(--good) }
svg .blue { stroke: #0969da; stroke-dasharray: 6 4 } .outcome { font-size: 1.2em; font-weight: 600 }
.ok, .healthy { color: var(--good) } .failed, .unhealthy { color: var(--bad) } .warning, .undecided { color: var(--open) }`;

const told = (text: string) => escaped(printable(text, '\n')).replaceAll('\n', '<br/>');

const row = (cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const table = (heads: readonly string[], rows: readonly string[]) =>
  `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>`;
/** The word says it as well as the colour. */
const verdict = (word: string) => `<span class="${escaped(word)}">${escaped(word)}</span>`;

function timeline({ phases, seconds }: Report): string {
  const longest = Math.max(seconds, 1);
  const rows = phases.map(({ phase, began, seconds: own }) =>
    row([
      told(phase),
      began.slice(11, 19),
      duration(own),
      `<span class="bar" style="width:${Math.min(100, (own / longest) * 100).toFixed(2)}%"></span>`,
    ]),
  );
  return table(['phase', 'from, UTC', 'took', 'of the whole'], rows);
}

function stepRows({ step, at, looks, said, findings, evidence }: ReportedStep): string[] {
  const detail = [
    ...findings.map(({ check, status, detail }) => `${verdict(status)} ${told(check)}: ${told(detail)}`),
    ...evidence.map(({ of, verdict: word, because }) => `${verdict(word)} ${told(of)}: ${told(because)}`),
  ];
  const name = looks > 1 ? `${told(step)} ×${looks}` : told(step);
  return [row([at.slice(11, 19), name, [told(said), ...detail].filter(Boolean).join('<br/>')])];
}

/** The phases in their order: the steps of each are below. */
const way = ({ phases, outcome }: Report): string =>
  `<ol class="way">${[...phases.map(({ phase }) => phase), outcome ?? 'not ended']
    .map((name) => `<li>${told(name)}</li>`)
    .join('')}</ol>`;

const migrations = ({ migrations: all }: Report): string[] =>
  all.length === 0
    ? []
    : [
        '<h2>Migrations</h2>',
        table(
          ['migration', 'class', 'locks', 'who waits for them'],
          all.map((one) => row([told(one.id), told(one.class), told(locksOf(one)), one.blocks || 'nobody'])),
        ),
      ];

const charts = ({ series, shifts }: Report): string[] =>
  series.length === 0 ? [] : ['<h2>Evidence</h2>', ...series.map((one) => chartOf(one, shifts))];

const recoveries = ({ recoveries: all }: Report): string[] =>
  all.map(
    ({ execution }) =>
      `<p>Resumed in <a href="${escaped(executionPage(execution))}">${told(execution)}</a>.</p>`,
  );

const STATES = { proven: 'ok', 'not so': 'failed', open: 'warning', people: 'people' };

const checklist = ({ checklist: points }: Report): string =>
  table(
    ['due', 'point', 'state', 'by what'],
    points.map(({ at, what, state, says }) =>
      row([at, told(what), `<span class="${STATES[state]}">${state}</span>`, told(says)]),
    ),
  );

/** A page of its own: it loads nothing, runs nothing, and holds what the journal holds. */
export function reportHtml(report: Report): string {
  const title = escaped(printable(titleOf(report)));
  const facts = factsOf(report).map(([name, value]) => `<dt>${name}</dt><dd>${told(value)}</dd>`);
  const phases = report.phases.map(
    ({ phase, steps }) =>
      `<h3>${told(phase)}</h3>\n${table(['at, UTC', 'step', 'what it said'], steps.flatMap(stepRows))}`,
  );
  const cause = report.cause === '' ? [] : report.cause.split('; ').map((part) => `<li>${told(part)}</li>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
<title>${title}</title>
<style>${STYLE}</style></head>
<body>
<h1>${title}</h1>
<p class="outcome">${told(report.summary)}</p>
${recoveries(report).join('\n')}
<ul>${cause.join('\n')}</ul>
<p>Now ${told(nowOf(report))}.</p>
<dl>${facts.join('\n')}</dl>
<h2>Way</h2>
${way(report)}
<h2>Timeline</h2>
${timeline(report)}
${[...migrations(report), ...charts(report)].join('\n')}
<h2>Steps</h2>
${phases.join('\n')}
<h2>Checklist</h2>
${checklist(report)}
</body>
</html>`;
}
