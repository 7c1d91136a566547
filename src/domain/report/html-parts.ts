import { escaped } from '../text/html';
import { printable } from '../text/printable';

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

export const told = (text: string) => escaped(printable(text, '\n')).replaceAll('\n', '<br/>');

export const row = (cells: readonly string[]) =>
  `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
export const table = (heads: readonly string[], rows: readonly string[]) =>
  `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>`;
/** The word says it as well as the colour. */
export const verdict = (word: string) => `<span class="${escaped(word)}">${escaped(word)}</span>`;

/** A page of its own: it loads nothing and runs nothing. The title is text, the body HTML. */
export function pageOf(title: string, body: string): string {
  const head = escaped(printable(title));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
<title>${head}</title>
<style>${STYLE}</style></head>
<body>
<h1>${head}</h1>
${body}
</body>
</html>`;
}
