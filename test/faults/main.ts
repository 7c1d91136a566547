import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stories } from '../scenarios/stories';
import { wholeNumber } from '../whole-number';
import { type Case, cases, kindNames, kindsOfErrors, tasks } from './cases';
import { openFaultWorld } from './fault-world';
import { faultsPage } from './page';
import { type Played, play } from './play';
import { doAll } from './pool';
import { playStories } from './random/main';
import { openRecord } from './record';

const PAGE = join(__dirname, '..', '..', 'docs', 'faults.md');

/** A busy machine must not decide a case. */
const PATIENCE = 10;

/** Random stories of a whole run. */
const STORIES = 2000;

const USAGE = `usage: npm run faults -- [options]

Plays a deployment for every Task of the graph and every fault, and then ${STORIES} random stories: deployments, faults,
operators' commands and accidents. Says where each one ended. Exit code 1 when an invariant did not hold.

  --part I/N  only every Nth case or story, from the Ith (1/1): a process for each part, with one record

  --cases     only the cases; what follows chooses among them
  --state S   only this Task (repeatable)
  --kind K    only this fault (repeatable): ${kindNames.join(' | ')}
  --error E   the error of Lambda's Invoke that befalls it, by its name in the API, such as ENINotReadyException
              (repeatable); with ${kindsOfErrors.join(', ')}
  --write     puts the table of all results into docs/faults.md; needs --record

  --random N  only stories, so many (${STORIES})
  --seed S    of the first story (any)
  --path P    the first story as it was made smaller

  --worlds N  local clouds side by side (2)
  --speed N   how fast their time runs (40)
  --record F  a file of results: what ended true in it is not played again, and more is added; F.stories for stories
  --help      this text`;

const options = {
  cases: { type: 'boolean' },
  state: { type: 'string', multiple: true },
  kind: { type: 'string', multiple: true },
  error: { type: 'string', multiple: true },
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

/** A fault-free way through the graph: the story and the states it enters. */
interface Way {
  story: string;
  entered: string[];
}

type Stages = { many: number; open: () => ReturnType<typeof openFaultWorld> };

/** Stories played without faults, as many as it takes to enter each of the states. */
async function waysTo(states: ReadonlySet<string>, stages: Stages): Promise<Way[]> {
  const ways: Way[] = [];
  const missing = () => [...states].some((state) => !ways.some(({ entered }) => entered.includes(state)));
  const order = Object.keys(stories);
  await doAll(
    order,
    stages,
    async (faultWorld, story) => {
      if (!missing()) return true;
      const { entered, problems } = await play(faultWorld, { story });
      ways.push({ story, entered });
      console.error(`without faults: ${[story, `${entered.length} states`, ...problems].join(' | ')}`);
      return faultWorld.rest();
    },
    (story, error) => console.error(`without faults: ${story} | ${error.message}`),
  );
  return ways.sort((one, other) => order.indexOf(one.story) - order.indexOf(other.story));
}

const line = ({ state, kind, error }: Case, { story, outcome, cause, problems }: Omit<Played, 'entered'>) =>
  [
    state,
    kind,
    ...(error ? [error] : []),
    story,
    outcome,
    cause.slice(0, 300),
    ...problems.map((problem) => `PROBLEM ${problem}`),
  ].join(' | ');

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** The test of a place in a row for whether it is in the part. */
function inPart(part: string): (index: number) => boolean {
  const [mine = 0, parts = 0] = /^\d+\/\d+$/.test(part) ? part.split('/').map(Number) : [];
  if (mine < 1 || mine > parts)
    throw new Error(`--part is ${part}, expected I/N with I from 1 to N; see --help`);
  return (index) => index % parts === mine - 1;
}

/** A name that is none would choose nothing, and of nothing everything ends true. */
function known(option: 'state' | 'kind', names: readonly string[] = [], all: readonly string[]): void {
  for (const name of names)
    if (!all.includes(name)) throw new Error(`--${option} is ${name}, expected one of: ${all.join(' | ')}`);
}

/** Plays the chosen cases; resolves with whether all of them ended true. */
async function playCases(values: Values): Promise<boolean> {
  known('state', values.state, tasks);
  known('kind', values.kind, values.error ? kindsOfErrors : kindNames);
  const mine = inPart(values.part);
  const record = openRecord(values.record);
  const chosen = cases
    .filter(
      ({ state, kind }) =>
        (values.state ?? [state]).includes(state) && (values.kind ?? [kind]).includes(kind),
    )
    .flatMap((one) => {
      if (!values.error) return one;
      return kindsOfErrors.includes(one.kind) ? values.error.map((error) => ({ ...one, error })) : [];
    })
    .filter((_, index) => mine(index));
  const stages = {
    many: wholeNumber('worlds', values.worlds),
    open: () => openFaultWorld(wholeNumber('speed', values.speed), PATIENCE),
  };
  const toPlay = chosen.filter((one) => !record.isTrue(one));
  const ways = await waysTo(new Set(toPlay.map(({ state }) => state)), stages);
  const say = (one: Case, { entered: _, ...played }: Played) => {
    record.add({ ...one, ...played });
    console.log(line(one, played));
  };
  await doAll(
    toPlay,
    stages,
    async (faultWorld, one) => {
      const way = ways.find(({ entered }) => entered.includes(one.state));
      if (!way) throw new Error(`no story enters ${one.state}`);
      say(one, await play(faultWorld, { story: way.story, befalls: one }));
      return faultWorld.rest();
    },
    (one, error) =>
      say(one, { story: 'none', outcome: 'none', cause: '', entered: [], problems: [error.message] }),
  );
  const good = chosen.filter(record.isTrue).length;
  console.log(`${good} of ${chosen.length} cases ended true`);
  if (values.write) writeFileSync(PAGE, faultsPage(record.all()));
  return good === chosen.length;
}

const playRandom = async ({ random = String(STORIES), seed, part, path, worlds, speed, record }: Values) =>
  (await playStories({
    stories: wholeNumber('random', random),
    seed: wholeNumber('seed', seed ?? String(Date.now() % 1_000_000), 0),
    mine: inPart(part),
    path,
    worlds: wholeNumber('worlds', worlds),
    speed: wholeNumber('speed', speed),
    record: record && `${record}.stories`,
  })) === 0;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(USAGE);
  const { cases: onlyCases, state, kind, error, part, write, random, seed, path } = values;
  const aboutCases = onlyCases || write || [state, kind, error].some((value) => value !== undefined);
  const aboutStories = [random, seed, path].some((value) => value !== undefined);
  if (write && error) throw new Error('the page tells of the usual errors: give --write without --error');
  if (aboutCases && aboutStories) throw new Error('choose cases or stories; see --help');
  if (!aboutCases && part !== '1/1' && seed === undefined)
    throw new Error(
      'parts are of --cases, or of stories with a --seed that the parts have in common; see --help',
    );
  const good = [
    ...(aboutStories ? [] : [await playCases(values)]),
    ...(aboutCases ? [] : [await playRandom(values)]),
  ];
  process.exitCode = good.every(Boolean) ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
