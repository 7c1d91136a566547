import type { Machine } from './machine';
import type { Result } from './result';
import type { Bench, Row } from './row';
import { cells, HEAD } from './show';

/** One bench's figures, and how they came to be. */
export interface Measured {
  results: readonly Result[];
  /** A day, as 2026-01-31. */
  date: string;
  /** The commit that was measured, and the earlier one where the bench has such a side. */
  now: string;
  earlier?: string;
  /** What was typed. */
  command: string;
  machine: Machine;
}

const BEGIN = '<!-- measured -->';
const END = '<!-- end of: measured -->';

const line = (each: readonly string[]) => `| ${each.join(' | ')} |`;

/** Rows that are measured in one way share its sentence. */
function hows(rows: readonly Row[]): string[] {
  const names = new Map<string, string[]>();
  for (const { how, name } of rows) names.set(how, [...(names.get(how) ?? []), name]);
  return [...names].map(([how, of]) => `- *${of.join('; ')}*: ${how}`);
}

const tableOf = (results: readonly Result[]) =>
  [
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...results.map((result) => line(cells(result))),
    '',
    ...hows(results.map(({ row }) => row)),
    '',
  ].join('\n');

export function section(name: string, { results, date, now, earlier, command, machine }: Measured): string {
  const { cores, cpu, node, platform, calibrationMs } = machine;
  const sides = `${now}${earlier ? ` beside ${earlier}` : ''}`;
  const where = `${cores} cores of ${cpu}, Node.js ${node}, ${platform}`;
  return `### ${name}\n
\`${command}\` on ${date}: ${sides}; ${where};
a loop of 3e8 additions takes ${calibrationMs} ms.\n
${tableOf(results)}`;
}

/** The section of a bench that nobody has run with `--write`. */
function unmeasured(name: string, { measurements }: Bench): string {
  const rows = measurements.flatMap(({ rows }) => Object.values(rows));
  return `### ${name}\n\n${tableOf(rows.map((row) => ({ row })))}`;
}

function split(page: string): [string, string, string] {
  const [before, rest] = page.split(`${BEGIN}\n`);
  const [measured, after] = (rest ?? '').split(END);
  if (before === undefined || measured === undefined || after === undefined)
    throw new Error(`the page has no place for figures; put it between ${BEGIN} and ${END}`);
  return [before, measured, after];
}

/** The sections of a page by bench. */
export function sectionsOf(page: string): Map<string, string> {
  const [, measured] = split(page);
  const sections = measured.split(/^(?=### )/m).filter((text) => text.startsWith('### '));
  return new Map(sections.map((text) => [/^### (.*)/.exec(text)?.[1] ?? '', text]));
}

/** The page with these sections renewed, those of other benches as they were, and no other. */
export function written(
  page: string,
  renewed: ReadonlyMap<string, string>,
  benches: Readonly<Record<string, Bench>>,
): string {
  const [before, , after] = split(page);
  const kept = sectionsOf(page);
  const sections = Object.entries(benches).map(
    ([name, bench]) => renewed.get(name) ?? kept.get(name) ?? unmeasured(name, bench),
  );
  return `${before}${BEGIN}\n${sections.map((text) => text.trimEnd()).join('\n\n')}\n${END}${after}`;
}

/** The rows of a section: what is measured, and what is wanted of it. */
export const rowsIn = (text: string): { name: string; wanted: string }[] =>
  text
    .split('\n')
    .filter((one) => one.startsWith('| '))
    .map((one) => one.split('|').map((cell) => cell.trim()))
    .slice(2)
    .map((each) => ({ name: each[1] ?? '', wanted: each[5] ?? '' }));
