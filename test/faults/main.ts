import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stories } from '../scenarios/stories';
import { type Case, cases, kindNames } from './cases';
import { type Crew, inWorlds } from './crew';
import { faultsPage } from './page';
import { type Played, play, type Way, wayOf } from './play';
import { playStories } from './random/main';
import { openRecord } from './record';

const PAGE = join(__dirname, '..', '..', 'docs', 'faults.md');

const USAGE = `usage: npm run faults -- [options]

Plays a deployment for every Task of the graph and every fault, and says where each one ended. Exit code 1 when an
invariant did not hold.

  --state S   only this Task (repeatable)
  --kind K    only this fault (repeatable): ${kindNames.join(' | ')}
  --part I/N  only every Nth case, from the Ith (1/1)
  --worlds N  local clouds side by side (2)
  --speed N   how fast their time runs (40)
  --record F  a file of results: cases that ended true in it are not played again, and new ones are added
  --random N  instead of the cases, N random stories: deployments, faults, operators' commands and accidents
  --seed S    of the first story (any)
  --path P    the first story as it was made smaller
  --write     puts the table of all results into docs/faults.md; needs --record
  --help      this text`;

const options = {
  state: { type: 'string', multiple: true },
  kind: { type: 'string', multiple: true },
  part: { type: 'string', default: '1/1' },
  worlds: { type: 'string', default: '2' },
  speed: { type: 'string', default: '40' },
  record: { type: 'string' },
  random: { type: 'string' },
  seed: { type: 'string' },
  path: { type: 'string' },
  write: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** The first story that enters each of the states, played without faults. */
async function waysTo(states: ReadonlySet<string>, crew: Crew): Promise<Way[]> {
  const ways: Way[] = [];
  const missing = () => [...states].some((state) => !ways.some(({ path }) => path.includes(state)));
  const failed = (story: string, error: Error) => console.error(`${story}: ${error.message}`);
  await inWorlds(
    Object.keys(stories),
    crew,
    async (world, story) => {
      if (missing()) ways.push(await wayOf(world, story));
    },
    failed,
  );
  const order = Object.keys(stories);
  return ways.sort((one, other) => order.indexOf(one.story) - order.indexOf(other.story));
}

const line = ({ state, kind }: Case, { story, outcome, cause, problems }: Played) =>
  [state, kind, story, outcome, cause.slice(0, 300), ...problems.map((problem) => `PROBLEM ${problem}`)].join(
    ' | ',
  );

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(USAGE);
  if (values.random !== undefined) {
    const { random, seed = Date.now() % 1_000_000, path, worlds, speed } = values;
    const run = {
      stories: Number(random),
      seed: Number(seed),
      path,
      worlds: Number(worlds),
      speed: Number(speed),
    };
    process.exitCode = (await playStories(run)) > 0 ? 1 : 0;
    return;
  }
  const [part = 1, parts = 1] = values.part.split('/').map(Number);
  const record = openRecord(values.record);
  const chosen = cases
    .filter(
      ({ state, kind }) =>
        (values.state ?? [state]).includes(state) && (values.kind ?? [kind]).includes(kind),
    )
    .filter((_, index) => index % parts === part - 1);
  const crew = { worlds: Number(values.worlds), speed: Number(values.speed), patience: 10, rate: 100 };
  const toPlay = chosen.filter((one) => !record.isTrue(one));
  const ways = await waysTo(new Set(toPlay.map(({ state }) => state)), crew);
  const tell = (one: Case, played: Played) => {
    record.add({ ...one, ...played });
    console.log(line(one, played));
  };
  await inWorlds(
    toPlay,
    crew,
    async (world, one) => {
      const way = ways.find(({ path }) => path.includes(one.state));
      if (!way) throw new Error(`no story enters ${one.state}`);
      tell(one, await play(world, one, way));
    },
    (one, error) => tell(one, { story: 'none', outcome: 'none', cause: '', problems: [error.message] }),
  );
  const good = chosen.filter(record.isTrue).length;
  console.log(`${good} of ${chosen.length} cases ended true`);
  if (values.write) writeFileSync(PAGE, faultsPage(record.all()));
  process.exitCode = good < chosen.length ? 1 : 0;
}

void main();
