import { startProcesses } from '../../local/processes';
import { histories as all } from '../../test/domain/migrations/histories/history';
import { scoreOf } from '../../test/domain/migrations/histories/score';
import { type Judged, walk } from '../../test/domain/migrations/histories/walk';
import { isPresent, MAJORS, type Major, startServer } from '../../test/domain/migrations/servers';
import type { Measurement } from '../frame/row';
import { scoreRows, scoresOf } from './scores';
import { foundIn, installed, WITHOUT_STYLE } from './squawk';

const walked = new Map<Major, Promise<Judged[]>>();

/** Whole histories, executed on a real server and judged with the catalog that each release meets; once. */
function judgedOn(major: Major): Promise<Judged[]> {
  const known = walked.get(major) ?? walkOn(major);
  walked.set(major, known);
  return known;
}

async function walkOn(major: Major): Promise<Judged[]> {
  const processes = await startProcesses();
  try {
    const server = await startServer(processes, major);
    const admin = await server.connect('postgres');
    const judged: Judged[] = [];
    for (const history of all()) judged.push(...(await walk(server, admin, history)));
    await admin.end();
    return judged;
  } finally {
    await processes.close();
  }
}

/** How many of squawk's findings are about each statement, by their lines. */
function squawkOn(judged: readonly Judged[], options: readonly string[]): number[] {
  const counts = judged.map(() => 0);
  for (const { name, releases } of all())
    for (const file of releases.flatMap(({ files }) => files)) {
      const own = (one: Judged) => one.history === name && one.file === file.id;
      for (const line of foundIn(file, options)) {
        const at = judged.findLastIndex((one) => own(one) && one.line <= line + 1);
        counts[at === -1 ? judged.findIndex(own) : at]! += 1;
      }
    }
  return counts;
}

async function ours(major: Major) {
  return scoresOf(scoreOf(await judgedOn(major), ({ stopping }) => stopping.length));
}

async function theirs(major: Major, options: readonly string[]) {
  const judged = await judgedOn(major);
  const counts = squawkOn(judged, options);
  return scoresOf(scoreOf(judged, (_one, i) => counts[i]!));
}

const RULES = [
  { name: 'squawk with all rules', options: [] },
  { name: 'squawk without rules of style', options: WITHOUT_STYLE },
];

export const histories: Measurement[] = MAJORS.flatMap((major) =>
  RULES.map(({ name, options }) => ({
    rows: scoreRows(
      `histories on PostgreSQL ${major} beside ${name}`,
      'every statement of whole histories, executed beside a live version, which tells what it does',
    ),
    sample: () => ours(major),
    beside: { ...installed, sample: () => theirs(major, options) },
    runs: 1,
    missing: () =>
      isPresent(major) ? undefined : `PostgreSQL ${major} is not installed; npm test installs it`,
  })),
);
