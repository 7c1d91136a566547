import { escaped } from '../text/html';
import { printable } from '../text/printable';
import type { Report, ReportedStep } from '.';
import { factsOf, nowOf, titleOf } from './facts';
import { duration } from './moments';

const STYLE = `:root { color-scheme: light dark; --line: #8886; --good: #1a7f37; --bad: #cf222e; --open: #9a6700 }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #f85149; --open: #d29922 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem }
dt { font-weight: 600 } dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
.bar { display: block; height: .8rem; min-width: 2px; background: currentColor; opacity: .6 }
.ok, .healthy { color: var(--good) } .failed, .unhealthy { color: var(--bad) } .warning, .undecided { color: var(--open) }`;

const told = (text: string) => escaped(printable(text, '\n')).replaceAll('\n', '<br>');

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
  return [row([at.slice(11, 19), name, [told(said), ...detail].filter(Boolean).join('<br>')])];
}

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
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style></head>
<body>
<h1>${title}</h1>
<ul>${cause.join('\n')}</ul>
<p>Now ${told(nowOf(report))}.</p>
<dl>${facts.join('\n')}</dl>
<h2>Timeline</h2>
${timeline(report)}
<h2>Steps</h2>
${phases.join('\n')}
</body>
</html>`;
}
