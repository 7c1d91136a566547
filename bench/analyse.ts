import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcesses } from '../local/processes';
import { analyse } from '../src/domain/migrations/analyse';
import { loadParser } from '../src/domain/migrations/parser';
import type { ReleaseFile } from '../src/domain/migrations/types';
import { readCatalog } from '../src/postgres/catalog';
import { CORPUS } from '../test/domain/migrations/corpus';
import { standsAlone } from '../test/domain/migrations/experiment';
import { FIXTURE } from '../test/domain/migrations/fixture';
import { histories } from '../test/domain/migrations/histories/history';
import { type Score, scoreOf } from '../test/domain/migrations/histories/score';
import { type Judged, walk } from '../test/domain/migrations/histories/walk';
import { isPresent, MAJORS, type Major, startServer } from '../test/domain/migrations/servers';

interface Figure {
  name: string;
  value: number;
  unit: string;
}

const SQUAWK = join(
  __dirname,
  `../test/tools/node_modules/@squawk-cli/${process.platform}-${process.arch}/bin/squawk`,
);
/** Rules about style and about settings of the session, which say nothing about the statement. */
const STYLE = [
  'prefer-robust-stmts',
  'require-timeout-settings',
  'prefer-text-field',
  'prefer-bigint-over-int',
  'prefer-bigint-over-smallint',
  'prefer-identity',
  'prefer-timestamp-tz',
  'ban-char-field',
];
const STATEMENTS_PER_FILE = 3;
const REPETITIONS = 5;

const file = (sql: string, index: number): ReleaseFile => ({
  id: String(index),
  file: `${index}.sql`,
  up: sql,
  transactional: !standsAlone(sql),
  firstLine: 1,
});

/** Files of three statements of the corpus each. */
const files = (count: number): ReleaseFile[] =>
  Array.from({ length: count }, (_none, i) => {
    const statement = (part: number) => CORPUS[(i * STATEMENTS_PER_FILE + part) % CORPUS.length]!.sql;
    return file(`${[0, 1, 2].map(statement).join(';\n')};\n`, i);
  });

/** Median seconds of several runs. */
async function seconds(run: () => unknown): Promise<number> {
  const measured: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const started = performance.now();
    await run();
    measured.push((performance.now() - started) / 1_000);
  }
  return measured.sort((left, right) => left - right)[Math.floor(REPETITIONS / 2)]!;
}

function written(directory: string, release: ReleaseFile[]): string[] {
  return release.map(({ id, up }) => {
    const path = join(directory, `${id}.sql`);
    writeFileSync(path, up!);
    return path;
  });
}

/** Recall, false alarms, and findings per harmful statement. */
function figuresOf(name: string, { statements, harmful, found, falseAlarms, findings }: Score): Figure[] {
  const percent = (part: number, whole: number) => Math.round((part / whole) * 1_000) / 10;
  return [
    { name: `recall, ${name}`, value: percent(found, harmful), unit: '%' },
    {
      name: `false alarms, ${name}`,
      value: percent(falseAlarms, statements - harmful),
      unit: '% of safe statements',
    },
    {
      name: `findings per harmful statement, ${name}`,
      value: Math.round((findings / harmful) * 100) / 100,
      unit: '',
    },
  ];
}

/** Of the corpus: `findings` on each statement, in its order. */
function score(name: string, findings: number[]): Figure[] {
  const judged = CORPUS.map(({ label }) => ({
    blocks: label === 'blocks',
    broken: label === 'breaks' ? [''] : [],
  }));
  return figuresOf(
    name,
    scoreOf(judged, (_one, i) => findings[i]!),
  );
}

async function ours(): Promise<Figure[]> {
  const findings = await Promise.all(CORPUS.map(({ sql }, i) => analyse([file(sql, i)], undefined)));
  const stopping = findings.map((found) => found.filter(({ stops }) => stops).length);
  return score('ours without a database', stopping);
}

/** As a deployment judges: with the catalog of the database that the corpus was proven on. */
async function oursLive(): Promise<Figure[]> {
  const processes = await startProcesses();
  try {
    const server = await startServer(processes, 18);
    const client = await server.connect('postgres');
    await client.query(FIXTURE);
    // the running version is at work
    const application = await server.connect('postgres', 'app');
    const catalog = await readCatalog(client);
    await Promise.all([client.end(), application.end()]);
    const findings = await Promise.all(
      CORPUS.map(({ sql }, i) => analyse([file(sql, i)], catalog, { bigRows: 1, bigBytes: 1 })),
    );
    const stopping = findings.map((found) => found.filter(({ stops }) => stops).length);
    return score('ours with the live catalog', stopping);
  } finally {
    await processes.close();
  }
}

/** squawk ends with 1 when it has found something. */
const squawk = (args: string[]): string =>
  spawnSync(SQUAWK, args, { encoding: 'utf8', maxBuffer: 100_000_000 }).stdout;

function theirs(directory: string): Figure[] {
  const exclude = `--exclude=${STYLE.join(',')}`;
  const found = CORPUS.map(({ sql }, i) => {
    const [path] = written(directory, [file(sql, i)]);
    const transaction = standsAlone(sql) ? [] : ['--assume-in-transaction'];
    return JSON.parse(squawk(['--reporter', 'json', ...transaction, exclude, path!]) || '[]')
      .length as number;
  });
  return score('squawk', found);
}

/** Which statement of a file each of squawk's findings is about, by their lines, which it counts from 0. */
function onHistories(directory: string, judged: Judged[], exclude: string[]): number[] {
  const counts = judged.map(() => 0);
  for (const { name, releases } of histories()) {
    for (const { id, up, transactional } of releases.flatMap(({ files }) => files)) {
      const path = join(directory, 'history.sql');
      writeFileSync(path, up!);
      const mode = transactional ? ['--assume-in-transaction'] : [];
      const found = JSON.parse(squawk(['--reporter', 'json', ...mode, ...exclude, path]) || '[]');
      for (const { line } of found as { line: number }[]) {
        const at = judged.findLastIndex(
          (one) => one.history === name && one.file === id && one.line <= line + 1,
        );
        counts[at === -1 ? judged.findIndex((one) => one.history === name && one.file === id) : at]! += 1;
      }
    }
  }
  return counts;
}

/** Whole histories, executed on a real server: ours with the catalog that each release meets, beside squawk on the same files. */
async function onHistoriesOf(major: Major, directory: string): Promise<Figure[]> {
  const processes = await startProcesses();
  try {
    const server = await startServer(processes, major);
    const admin = await server.connect('postgres');
    const judged: Judged[] = [];
    for (const history of histories()) judged.push(...(await walk(server, admin, history)));
    await admin.end();
    const on = `histories on PostgreSQL ${major}`;
    const score = scoreOf(judged, ({ stopping }) => stopping.length);
    const figures = [
      { name: `statements, ${on}`, value: score.statements, unit: '' },
      { name: `harmful statements, ${on}`, value: score.harmful, unit: '' },
      ...figuresOf(`ours, ${on}`, score),
    ];
    if (!existsSync(SQUAWK)) return figures;
    const all = onHistories(directory, judged, []);
    const some = onHistories(directory, judged, [`--exclude=${STYLE.join(',')}`]);
    return [
      ...figures,
      ...figuresOf(
        `squawk, ${on}`,
        scoreOf(judged, (_one, i) => all[i]!),
      ),
      ...figuresOf(
        `squawk without rules of style, ${on}`,
        scoreOf(judged, (_one, i) => some[i]!),
      ),
    ];
  } finally {
    await processes.close();
  }
}

/** How fast a release is judged, and how well, beside squawk on the same files where it is installed. */
export async function bench(): Promise<Figure[]> {
  const started = performance.now();
  await loadParser();
  const loading = performance.now() - started;
  const figures: Figure[] = [{ name: 'load the parser', value: Math.round(loading), unit: 'ms' }];
  const directory = mkdtempSync(join(tmpdir(), 'greenlight-bench-'));
  try {
    for (const count of [300, 2_500]) {
      const release = files(count);
      const value = await seconds(() => analyse(release, undefined));
      figures.push({ name: `analyse ${count} files`, value: Math.round(value * 1_000) / 1_000, unit: 's' });
      if (!existsSync(SQUAWK)) continue;
      const paths = written(directory, release);
      const peer = await seconds(() => squawk(['--reporter', 'json', ...paths]));
      figures.push({ name: `squawk ${count} files`, value: Math.round(peer * 1_000) / 1_000, unit: 's' });
    }
    figures.push(...(await oursLive()), ...(await ours()));
    if (existsSync(SQUAWK)) {
      const version = execFileSync(SQUAWK, ['--version'], { encoding: 'utf8' }).trim();
      figures.push(
        ...theirs(directory).map((figure) => ({ ...figure, name: figure.name.replace('squawk', version) })),
      );
    }
    for (const major of MAJORS.filter(isPresent)) figures.push(...(await onHistoriesOf(major, directory)));
  } finally {
    rmSync(directory, { recursive: true });
  }
  return figures;
}
