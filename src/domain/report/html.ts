import { executionPage } from '../text/console';
import { escaped } from '../text/html';
import type { Report } from '.';
import { chartOf } from './chart';
import { factsOf, locksOf, nowOf, titleOf } from './facts';
import { pageOf, row, table, told, verdict } from './html-parts';
import { duration } from './moments';
import type { ReportedStep } from './steps';

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

/** A page that holds what the journal holds. */
export function reportHtml(report: Report): string {
  const facts = factsOf(report).map(([name, value]) => `<dt>${name}</dt><dd>${told(value)}</dd>`);
  const phases = report.phases.map(
    ({ phase, steps }) =>
      `<h3>${told(phase)}</h3>\n${table(['at, UTC', 'step', 'what it said'], steps.flatMap(stepRows))}`,
  );
  const cause = report.cause === '' ? [] : report.cause.split('; ').map((part) => `<li>${told(part)}</li>`);
  return pageOf(
    titleOf(report),
    `<p class="outcome">${told(report.summary)}</p>
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
${checklist(report)}`,
  );
}
