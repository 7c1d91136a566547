import { type Attempt, attempts, type Result, verdictOf } from '../../domain/attempts/attempt';
import { modeText } from '../../domain/attempts/volume';
import { command } from '../github-command';
import type { Took } from './volume';

/** What was tried of which files, and what came of it. */
export interface Told {
  major: number;
  tool: string;
  /** In the tool's order; files as seen from where the command was started. */
  migrations: { id: string; file: string }[];
  attempts: Attempt[];
  results: Result[];
  /** What statements took on tables as full as production's. */
  statements: Took[];
  /** Tables that had no row, and why. */
  withoutRows: { table: string; why: string }[];
}

const MARKS = { ok: 'ok', warns: 'warns', fails: 'FAILS', undone: '-' } as const;
const LABELS = { fails: 'error', warns: 'warning', undone: 'note', ok: 'note' } as const;

/** One line per migration, one column per attempt. */
function table({ migrations, attempts: asked, results }: Told): string {
  const shown = attempts.filter((one) => asked.includes(one));
  const row = (name: string, id: string | null) => [
    name,
    ...shown.map((attempt) => {
      const verdict = verdictOf(results, attempt, id);
      return verdict === undefined ? '' : MARKS[verdict];
    }),
  ];
  const whole = results.some(({ migration }) => migration === null)
    ? [row('the release as a whole', null)]
    : [];
  const rows = [['migration', ...shown], ...migrations.map(({ id, file }) => row(file, id)), ...whole];
  const widths = rows[0]!.map((_, n) => Math.max(...rows.map((cells) => cells[n]!.length)));
  return rows
    .map((cells) =>
      cells
        .map((cell, n) => cell.padEnd(widths[n]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Results that say something, each once: what stands behind a failed migration has the same reason. */
const notable = (results: readonly Result[]) =>
  results.filter(({ verdict, message }) => verdict !== 'ok' && message !== undefined);

function lineOf({ file, line, verdict, attempt, message, remedy }: Result): string {
  const place = file === null ? '' : `${file}${line === undefined ? '' : `:${line}:1`}: `;
  const help = remedy === undefined ? '' : `\nhelp:\n  ${remedy}`;
  return `${place}${LABELS[verdict]}: ${message} [${attempt}]${help}`;
}

/** Results of one reason are one line, which says how many there are. */
function lines(results: readonly Result[]): string[] {
  const groups = new Map<string, Result[]>();
  for (const one of notable(results)) {
    // of warnings the words differ, and what is to be done is the same
    const same = { undone: one.message, warns: one.remedy, fails: undefined, ok: undefined }[one.verdict];
    const key = same === undefined ? lineOf(one) : `${one.attempt} ${one.verdict} ${same}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((own) => {
    const [first] = own;
    return (
      lineOf(first!) + (own.length > 1 ? `; so with ${own.length - 1} more, up to ${own.at(-1)!.file}` : '')
    );
  });
}

const statementLine = ({ file, kind, about, ms, locks }: Took) => {
  const held = locks.map(({ relation, mode }) => `${modeText(mode)} on ${relation}`).join(', ');
  return `${file}  ${kind} ${about.join(', ')}  ${ms.toFixed(1)} ms  ${held || 'no lock that others notice'}`;
};

/** What a person reads. */
export function told(all: Told): string {
  const fails = all.results.filter(({ verdict }) => verdict === 'fails').length;
  const without = all.withoutRows.map(({ table: name, why }) => `note: no row was made in ${name}: ${why}`);
  const end =
    fails === 0
      ? 'nothing was found that would hurt'
      : `${fails} ${fails === 1 ? 'finding' : 'findings'} would hurt`;
  const said = [...lines(all.results), ...without, ...all.statements.map(statementLine)];
  return [
    table(all),
    ...(said.length > 0 ? ['', ...said] : []),
    '',
    `PostgreSQL ${all.major}, ${all.tool}: ${end}`,
  ].join('\n');
}

/** Workflow commands that GitHub shows beside the lines. */
export const annotations = ({ results, withoutRows }: Told): string[] => [
  ...notable(results)
    .filter(({ verdict }) => verdict !== 'undone')
    .map(({ verdict, file, line = 1, attempt, message = '', remedy }) =>
      command(verdict === 'fails' ? 'error' : 'warning', {
        ...(file !== null && { file, line }),
        title: `greenlight: ${attempt}`,
        text: remedy === undefined ? message : `${message}\nhelp: ${remedy}`,
      }),
    ),
  ...withoutRows.map(({ table: name, why }) =>
    command('notice', { title: 'greenlight: no rows', text: `no row was made in ${name}: ${why}` }),
  ),
];
