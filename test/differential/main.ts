import { parseArgs } from 'node:util';
import { startProcesses } from '../../local/processes';
import { isPresent, MAJORS, type Major, startServer } from '../domain/migrations/servers';
import { wholeNumber } from '../whole-number';
import type { Price } from './compare';
import { differ, type Found, type Run, smaller, type Tally, views } from './differential';
import { differPlans, type FoundPlan, smallerPlan } from './plan-differential';

const USAGE = `usage: npm run differential -- [options]

Makes schemas and statements by chance, executes each on a real PostgreSQL, measures what it did to an old version that
is at work, and compares with what greenlight check said: with a database, and with the files alone. Prints one small
story for each kind of disagreement. Exit code 1 when a bar is missed: unsafe 0, refused 0.2 %, false stops 1 %.
With --plans every plan is walked through instead, step by step up, down and up, an old and a new version at work, and
its end is compared with the statement's own. Exit code 1 for one that is not equal.

  --plans        plans instead of what check says
  --cases N      how many (2000)
  --seed S       of the first schema (any)
  --major 15|18  only this PostgreSQL (both)
  --kinds N      so many stories at most (20)
  --json         one document instead
  --help         this text`;

const options = {
  plans: { type: 'boolean' },
  cases: { type: 'string', default: '2000' },
  seed: { type: 'string' },
  major: { type: 'string' },
  kinds: { type: 'string', default: '20' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const PRICES: Record<Price, number> = { unsafe: 0, refused: 0.002, 'false stop': 0.01 };

const counted = ({ found }: Tally, price: Price, view: string) =>
  found.filter((one) => one.price === price && one.view === view).length;

/** Numbers of a major, and whether it keeps the bars. */
function figures(major: Major, seed: number, tally: Tally) {
  const rows = views.map((view) => ({
    view,
    ...Object.fromEntries(Object.keys(PRICES).map((price) => [price, counted(tally, price as Price, view)])),
  }));
  const good = views.every((view) =>
    Object.entries(PRICES).every(([price, bar]) => counted(tally, price as Price, view) <= bar * tally.cases),
  );
  return {
    major,
    seed,
    cases: tally.cases,
    refusedByPostgres: tally.refused,
    harmful: tally.harmful,
    opaque: tally.opaque,
    rows,
    good,
  };
}

function kindsOf<F>({ found }: { found: F[] }, kindOf: (one: F) => string): { first: F; times: number }[] {
  const kinds = new Map<string, { first: F; times: number }>();
  for (const one of found) {
    const key = kindOf(one);
    const known = kinds.get(key);
    if (known) known.times++;
    else kinds.set(key, { first: one, times: 1 });
  }
  return [...kinds.values()].sort((a, b) => b.times - a.times);
}

const story = ({ price, view, what, seed, setup, script, findings }: Found, times: number) =>
  [
    `${price} (${view}, ${times} times, seed ${seed}): ${what}`,
    ...setup.map((sql) => `  ${sql};`),
    ...script.statements.map((sql) => `> ${sql};`),
    ...findings.map(
      ({ rule, message, breaksLiveVersion, stops }) =>
        `  ${stops ? 'stops' : 'goes'} ${breaksLiveVersion} [${rule}] ${message}`,
    ),
  ].join('\n');

interface Asked {
  run: Run;
  most: number;
  json?: boolean;
}

/** What is printed of a major, and whether it keeps the bars. */
interface Told {
  document: object;
  good: boolean;
}

async function tellOfChecks({ run, most, json }: Asked): Promise<Told> {
  const { major, seed } = run;
  const started = performance.now();
  const tally = await differ(run);
  const seconds = (performance.now() - started) / 1000;
  const sum = figures(major as Major, seed, tally);
  const stories: Found[] = [];
  const kinds = kindsOf(tally, ({ view, kind }) => `${view} ${kind}`);
  for (const { first, times } of kinds.slice(0, most)) {
    const small = await smaller(first, run);
    stories.push(small);
    if (!json) console.log(`${story(small, times)}\n`);
  }
  if (!json) {
    for (const text of new Set(tally.failed)) console.log(`setup: ${text}`);
    for (const { first, times } of kinds.slice(most))
      console.log(
        `${first.price} (${first.view}, ${times} times, seed ${first.seed}): ${first.kind}: ${first.what}\n> ${first.script.statements.join(';\n> ')}`,
      );
    console.log(
      `PostgreSQL ${major}: ${sum.cases} cases from seed ${seed} in ${seconds.toFixed(0)} s, ${sum.refusedByPostgres} refused by PostgreSQL, ${sum.harmful} harmful, ${sum.opaque} opaque`,
    );
    for (const { view, ...prices } of sum.rows) console.log(`  ${view}: ${JSON.stringify(prices)}`);
  }
  return { document: { ...sum, stories, failed: tally.failed }, good: sum.good };
}

const planStory = ({ view, what, seed, setup, script, plans }: FoundPlan, times: number) =>
  [
    `unequal (${view}, ${times} times, seed ${seed}): ${what}`,
    ...setup.map((sql) => `  ${sql};`),
    ...script.statements.map((sql) => `> ${sql};`),
    ...plans.flatMap(({ stages }) =>
      stages.map(({ release, name, up }) => `  release ${release} ${name}: ${up.replaceAll('\n', '\n    ')}`),
    ),
  ].join('\n');

async function tellOfPlans({ run, most, json }: Asked): Promise<Told> {
  const { major, seed } = run;
  const started = performance.now();
  const { found, ...tally } = await differPlans(run);
  const seconds = (performance.now() - started) / 1000;
  const stories: FoundPlan[] = [];
  const kinds = kindsOf({ found }, ({ script, kind }) => `${script.form} ${kind}`);
  for (const { first, times } of kinds.slice(0, most)) {
    const small = await smallerPlan(first, run);
    stories.push(small);
    if (!json) console.log(`${planStory(small, times)}\n`);
  }
  if (!json) {
    for (const { first, times } of kinds.slice(most))
      console.log(
        `unequal (${first.view}, ${times} times, seed ${first.seed}): ${first.script.statements.join('; ')}: ${first.what}`,
      );
    const { equal, named, refused, unequal } = tally.ends;
    console.log(
      `PostgreSQL ${major}: ${tally.cases} plans from seed ${seed} in ${seconds.toFixed(0)} s: ${equal} equal, ${named} name what they do not keep and refuse, ${unequal} unequal; ${refused} more for statements that PostgreSQL refuses`,
    );
    console.log(`  ${JSON.stringify(tally.forms)}`);
  }
  return { document: { major, seed, ...tally, stories }, good: found.length === 0 };
}

/** How far a run is: a line on stderr every half a minute, as long runs take many. */
function progressOf(major: number, cases: number): (done: number) => void {
  let told = performance.now();
  return (done) => {
    if (performance.now() - told < 30_000) return;
    told = performance.now();
    console.error(`PostgreSQL ${major}: ${done} of ${cases}`);
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(USAGE);
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000), 0);
  const cases = wholeNumber('cases', values.cases);
  const most = wholeNumber('kinds', values.kinds, 0);
  const majors =
    values.major === undefined ? MAJORS : MAJORS.filter((major) => String(major) === values.major);
  if (majors.length === 0)
    throw new Error(`--major is ${values.major}, expected ${MAJORS.join(' or ')}; see --help`);
  const processes = await startProcesses();
  const documents: object[] = [];
  try {
    for (const major of majors) {
      if (!isPresent(major)) {
        console.error(`PostgreSQL ${major} is not installed`);
        process.exitCode = 1;
        continue;
      }
      const server = await startServer(processes, major);
      const admin = await server.connect('postgres');
      await admin.query('CREATE ROLE app LOGIN');
      const asked: Asked = {
        run: { server, admin, major, seed, cases, onProgress: progressOf(major, cases) },
        most,
        json: values.json,
      };
      const { document, good } = await (values.plans ? tellOfPlans(asked) : tellOfChecks(asked));
      documents.push(document);
      if (!good) process.exitCode = 1;
      await admin.end();
    }
    if (values.json) console.log(JSON.stringify(documents, null, 2));
  } finally {
    await processes.close();
  }
}

main().catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 2;
});
