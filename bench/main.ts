import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { table } from '../examples/story/format';
import { benches } from '.';
import { workingCopy } from './frame/build';
import { earlierBuild } from './frame/earlier';
import { machine } from './frame/machine';
import { type Builds, measure } from './frame/measure';
import { type Options, readOptions, usage } from './frame/options';
import { type Measured, section, written } from './frame/page';
import { endAll } from './frame/program';
import type { Result } from './frame/result';
import { cells, HEAD } from './frame/show';

const PROJECT = join(__dirname, '..');
const PAGE = join(PROJECT, 'docs', 'performance.md');

const tell = (line: string) => console.error(line);

const isBesideEarlier = (name: string) =>
  benches[name]!.measurements.some(({ beside }) => beside === 'earlier');

/** Both builds, the earlier one only where a measurement asks for it. */
async function buildsOf({ names, earlier }: Options): Promise<Builds> {
  const now = workingCopy('now', PROJECT);
  if (!names.some(isBesideEarlier)) return { now };
  tell(earlier.at ? `copying ${earlier.at} ...` : `installing the build of ${earlier.revision} ...`);
  return { now, earlier: workingCopy('earlier', resolve(await earlierBuild(PROJECT, earlier))) };
}

async function measureBench(name: string, builds: Builds, { runs }: Options): Promise<Result[]> {
  const results: Result[] = [];
  for (const measurement of benches[name]!.measurements)
    try {
      results.push(
        ...(await measure(measurement, builds, { runs, tell: (line) => tell(`${name}: ${line}`) })),
      );
    } catch (error) {
      tell(`error: ${name}: ${(error as Error).message}`);
      const missing = 'failed';
      results.push(...Object.values(measurement.rows).map((row) => ({ row, missing, met: false })));
    }
  return results;
}

/** Keeps what was measured so far where it was asked for, so that a run that is ended has not been for nothing. */
function keep(measured: ReadonlyMap<string, Measured>, { json, write }: Options): void {
  if (json) writeFileSync(json, `${JSON.stringify(Object.fromEntries(measured), null, 2)}\n`);
  if (!write) return;
  const sections = [...measured].map(([name, one]) => [name, section(name, one)] as const);
  writeFileSync(PAGE, written(readFileSync(PAGE, 'utf8'), new Map(sections), benches));
}

/** Names of benches that could not be measured, or do not meet what is wanted. */
async function measureAll(options: Options): Promise<string[]> {
  const { names, runs } = options;
  const builds = await buildsOf(options);
  const measured = new Map<string, Measured>();
  const date = new Date().toISOString().slice(0, 10);
  for (const name of names) {
    const where = await machine();
    const results = await measureBench(name, builds, options);
    const earlier = isBesideEarlier(name) ? builds.earlier?.commit : undefined;
    const command = `npm run bench -- ${name}${runs ? ` --runs ${runs}` : ''}`;
    measured.set(name, { results, date, now: builds.now.commit, earlier, command, machine: where });
    for (const line of table([[name, ...HEAD.slice(1)], ...results.map(cells)], [])) console.log(line);
    console.log();
    keep(measured, options);
  }
  return names.filter((name) => measured.get(name)?.results.some(({ met }) => met === false));
}

function optionsOrExit(): Options {
  try {
    const options = readOptions(process.argv.slice(2), benches);
    if (options !== 'help') return options;
    console.log(usage(benches));
    process.exit(0);
  } catch (error) {
    console.error(`error: ${(error as Error).message}; see --help`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const options = optionsOrExit();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void endAll().then(() => process.exit(130)));
  const failed = await measureAll(options);
  if (options.leftOut.length > 0)
    console.log(`left out, for they run only when named: ${options.leftOut.join(', ')}`);
  if (failed.length > 0) console.log(`not met or not measured: ${failed.join(', ')}`);
  process.exit(failed.length > 0 ? 1 : 0);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
