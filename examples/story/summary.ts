import type { Paint } from './ansi';
import { type Counts, percentile, requests } from './counts';
import { type Chapter, contradictions, schemaChanges, type Told } from './deployments';
import { count, duration, table, wrapPath } from './format';
import { shortPath } from './history';

/** What is still there after everything was closed. */
export interface Leftovers {
  processes: number;
  locks: number;
  tempDirs: number;
}

/** The document of `--json`. */
export interface Document {
  deployments: Omit<Told, 'cause' | 'servedByIt' | 'schemaBefore'>[];
  traffic: { requests: number; lost: number; appErrors: number; rps: number };
  leftovers: Leftovers;
}

export function documentOf(
  told: readonly Told[],
  totals: Counts,
  rps: number,
  leftovers: Leftovers,
): Document {
  return {
    deployments: told.map(
      ({ cause: _cause, servedByIt: _served, schemaBefore: _schema, ...deployment }) => deployment,
    ),
    traffic: {
      requests: requests(totals),
      lost: totals.lost,
      appErrors: totals.appErrors,
      rps: Math.round(rps),
    },
    leftovers,
  };
}

/**
 * Everything that is not as it should be, one line each; the story is a success when there is none. The versions
 * that may meet no user are looked for in all answers of the run, not only in those of their own deployment.
 */
export function problemsOf(
  chapters: readonly Chapter[],
  told: readonly Told[],
  totals: Counts,
  leftovers?: Leftovers,
): string[] {
  const problems = chapters.flatMap((chapter) => {
    const one = told.find(({ name }) => name === chapter.name);
    const found = one ? contradictions(chapter, one) : ['was not deployed'];
    return found.map((problem) => `${chapter.name} ${problem}`);
  });
  problems.push(...schemaChanges(told));
  if (totals.lost > 0) problems.push(`${totals.lost} requests were lost in all`);
  const welcome = chapters.filter(({ meetsUsers }) => meetsUsers).map(({ version }) => version);
  for (const version of new Set(chapters.map(({ version }) => version)))
    if (welcome.includes(version)) continue;
    else if ((totals.versions[version] ?? 0) > 0)
      problems.push(
        `${version} answered ${totals.versions[version]} requests of users in all, expected none`,
      );
  for (const [kind, left] of Object.entries(leftovers ?? {}))
    if (left > 0) problems.push(`${left} ${kind} were left behind`);
  return problems;
}

const WIDTH = 100;

function deploymentRows(told: readonly Told[]): string[] {
  const header = [
    '',
    'outcome',
    'took',
    'requests',
    'lost',
    'app errors',
    'served by it',
    'verdict → all on blue',
    'closed for',
  ];
  const rows = told.map((one) => [
    one.name,
    one.outcome,
    duration(one.durationMs),
    count(one.requests),
    count(one.lost),
    count(one.appErrors),
    count(one.servedByIt),
    one.verdictToBlueMs === null ? '-' : duration(one.verdictToBlueMs),
    one.windowMs === null ? '-' : `${duration(one.windowMs)}, ${count(one.closed)} told to wait`,
  ]);
  return table([header, ...rows], [2, 3, 4, 5, 6, 7, 8]);
}

/** The end of the story for people: a table, the paths through the graph, the totals and what is wrong. */
export function summaryLines(
  told: readonly Told[],
  totals: Counts,
  rps: number,
  problems: string[],
  paint: Paint,
) {
  const [header = '', ...rows] = deploymentRows(told);
  const paths = told.flatMap(({ name, path, cause }) => {
    const lines = wrapPath(shortPath(path), WIDTH - name.length - 2);
    if (cause) lines.push(paint.dim(cause));
    return lines.map((line, at) => `${at === 0 ? name : ' '.repeat(name.length)}  ${line}`);
  });
  return [
    paint.bold(header),
    ...rows,
    '',
    ...paths,
    '',
    `${count(requests(totals))} requests at ${count(rps)} per second: ${count(totals.lost)} lost, ${count(totals.appErrors)} application errors, p50 ${duration(percentile(totals, 0.5))}, p99 ${duration(percentile(totals, 0.99))}`,
    ...problems.map((problem) => paint.red(`✘ ${problem}`)),
    ...(problems.length === 0
      ? [paint.green('✔ every deployment ended as it should, and no request was lost')]
      : []),
  ];
}
