import { parseArgs } from 'node:util';
import { randomFrom } from '../local/endpoint/random';
import { startWorld } from '../scenarios/world';
import { wholeNumber } from '../whole-number';
import { asProcess, commandProblems, inProcess, type Ran } from './command';
import { badCommandLine } from './command-lines';
import { eventDoor } from './event';
import { type Door, executionDoor } from './execution';
import { leaksOf } from './leaks';
import { askParser, exampleSettings, knownOf } from './parser';
import { plantedReleases } from './planted';
import { changes, standOf } from './stand';
import { type Complaint, isGood, knock } from './tally';

const USAGE = `usage: npm run bad-input -- [options]

Brings requests that must be rejected to every door of the workflow, and prints each that was not rejected, or not with a
message that helps, and what it changed. Every tenth is odd and good: the parser must take it. Exit code 1 when there was
anything to print.

  --count N   how many (10000)
  --wire N    how many of them over the wire, as StartExecution (--count)
  --events N  how many of them as events (500)
  --processes N
              how many command lines as processes (200); --count of them run in this one
  --seed N    where they come from (the time)
  --only N    only the request of this number
  --help      this text`;

const SHOWN = 20;

function print({ number, why, problems, text, message }: Complaint): void {
  console.log(`${number} ${why}: ${problems.join('; ')}\n  ${text}\n  ${JSON.stringify(message)}`);
}

async function told(title: string, count: number, seed: number, run: () => Promise<Complaint[]>) {
  const began = Date.now();
  const complaints = await run();
  complaints.slice(0, SHOWN).forEach(print);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${title}: ${count} requests, seed ${seed}: ${complaints.length} complaints, ${seconds} s`);
  return complaints.length;
}

async function commandLines(
  count: number,
  seed: number,
  run: (args: readonly string[]) => Promise<Ran>,
): Promise<string[]> {
  const random = randomFrom(seed);
  const lines = Array.from({ length: count }, () => badCommandLine(random));
  const problems: string[] = [];
  for (const line of lines) problems.push(...commandProblems(line, await run(line.args)));
  return problems;
}

/** Deploys what holds secrets in a world of its own. */
async function secrets(): Promise<number> {
  const releases = plantedReleases();
  const world = await startWorld({ rate: 50, images: releases.images });
  try {
    const { ends, leaks } = await leaksOf(world, releases.folder);
    for (const line of [...ends, ...leaks]) console.log(line);
    console.log(`secrets: ${leaks.length} can be read after ${ends.length} deployments`);
    return leaks.length;
  } finally {
    await world.close();
    releases.remove();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '10000' },
      wire: { type: 'string' },
      events: { type: 'string', default: '500' },
      processes: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const seed = wholeNumber('seed', values.seed, 0);
  const all = values.only
    ? [wholeNumber('only', values.only, 0)]
    : [...Array(wholeNumber('count', values.count)).keys()];
  const processes = wholeNumber('processes', values.processes, 0);
  const wire = wholeNumber('wire', values.wire ?? String(all.length), 0);
  const events = wholeNumber('events', values.events, 0);
  // what is good would be deployed
  const bad = all.filter((number) => !isGood(number));
  const settings = exampleSettings();
  let complaints = await told('parser', all.length, seed, () => {
    const known = knownOf(settings);
    return knock((text) => askParser(text, settings, known), all, { seed, known });
  });

  for (const [title, count, run] of [
    ['command lines', all.length, inProcess],
    ['processes', processes, asProcess],
  ] as const) {
    const problems = await commandLines(count, seed, run);
    problems.slice(0, SHOWN).forEach((problem) => {
      console.log(problem);
    });
    console.log(`${title}: ${count}, seed ${seed}: ${problems.length} complaints`);
    complaints += problems.length;
  }

  const world = await startWorld({ rate: 0 });
  try {
    const known = knownOf(world.settings);
    const doors: [string, Door, number[], number][] = [
      ['StartExecution', executionDoor(world), bad.slice(0, wire), 4],
      ['events', eventDoor(world), bad.slice(0, events), 1],
    ];
    const before = await standOf(world);
    for (const [title, door, numbers, wide] of doors)
      complaints += await told(title, numbers.length, seed, () =>
        knock(door, numbers, { seed, known, wide }),
      );
    const changed = changes(before, await standOf(world));
    for (const change of changed) console.log(change);
    console.log(`the world: ${changed.length} changes`);
    complaints += changed.length;
  } finally {
    await world.close();
  }
  complaints += await secrets();
  process.exitCode = complaints > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
