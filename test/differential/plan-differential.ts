import { loadParser } from '../../src/domain/migrations/parser';
import type { StagedPlan } from '../../src/domain/migrations/staged';
import { readCatalog } from '../../src/postgres/catalog';
import { chance } from './chance';
import { catalogOf, type Run, type View } from './differential';
import { advanceNew } from './plan-end';
import type { PlanStory } from './plan-found';
import type { Known } from './plan-versions';
import { type End, plannedFor, type Template, type Walked, walk } from './plan-walk';
import { randomWorld } from './schemas';
import { pieces, shrunk } from './shrink';

import { randomScript, type Script } from './statements';

export interface FoundPlan extends Walked {
  view: View;
  seed: number;
  setup: readonly string[];
  script: Script;
  plans: StagedPlan[];
}

export interface PlanTally {
  cases: number;
  ends: Record<End, number>;
  found: FoundPlan[];
  /** How many plans there were of each kind of change, by the generator's form. */
  forms: Record<string, number>;
}

/** Plans that share a world. */
const PER_WORLD = 15;
/** Scripts that are looked at for one that has a plan. */
const TRIES = 60;

/** Every other plan is one of many steps. */
const HARD = /rename|change type|not null|foreign|unique|primary|create index/;

let worlds = 0;

/** Makes a database to copy others from; undefined where PostgreSQL does not take the setup as a whole and `strict`. */
async function open(
  { server, admin, major }: Run,
  world: Known,
  setup: readonly string[],
  strict: boolean,
): Promise<Template | undefined> {
  const database = `plans_${worlds++}`;
  await admin.query(`CREATE DATABASE ${database}`);
  const client = await server.connect(database);
  await client.query('SET client_min_messages = error');
  const taken: string[] = [];
  for (const statement of setup)
    await client.query(statement).then(
      () => taken.push(statement),
      () => {},
    );
  // as whoever runs migrations has it: the application may use what they make
  await client.query('ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO app');
  await advanceNew(client);
  await client.query('ANALYZE');
  const catalogs = { database: await readCatalog(client), files: catalogOf(taken, major) };
  await client.end();
  const template = { server, admin, database, world, catalogs };
  if (!strict || taken.length === setup.length) return template;
  await close(template);
  return undefined;
}

const close = ({ admin, database }: Template) => admin.query(`DROP DATABASE ${database} WITH (FORCE)`);

const planned = async (template: Template, view: View, script: Script) =>
  (await plannedFor(template, view, script)).flatMap(({ plans }) => plans);

const seedOf = (seed: number, index: number) => (seed + index * 7919) % 2 ** 31;

/** Generates worlds and statements that have a plan, and walks through each plan. */
export async function differPlans(run: Run): Promise<PlanTally> {
  await loadParser();
  const tally: PlanTally = {
    cases: 0,
    ends: { equal: 0, named: 0, refused: 0, unequal: 0 },
    found: [],
    forms: {},
  };
  for (let index = 0; tally.cases < run.cases; index++) {
    const seed = seedOf(run.seed, index);
    const dice = chance(seed);
    const world = randomWorld(dice, run.major);
    const template = (await open(run, world, world.setup, false))!;
    for (
      let i = 0, tries = 0;
      i < PER_WORLD && tries < TRIES * PER_WORLD && tally.cases < run.cases;
      tries++
    ) {
      const script = randomScript(world, dice);
      const isHard = i % 2 === 0 ? HARD : undefined;
      // a plan is for one statement as the database is before it
      if (
        script.statements.length > 1 ||
        script.statements[0]!.startsWith('DO') ||
        (isHard !== undefined && !isHard.test(script.form))
      )
        continue;
      const view: View = i % 4 === 3 ? 'files' : 'database';
      const plans = await planned(template, view, script);
      if (plans.length === 0) continue;
      i++;
      const walked = await walk(template, script, plans);
      tally.ends[walked.end]++;
      if (walked.end !== 'refused') {
        tally.cases++;
        tally.forms[script.form] = (tally.forms[script.form] ?? 0) + 1;
      }
      if (walked.end === 'unequal')
        tally.found.push({ ...walked, view, seed, setup: world.setup, script, plans });
    }
    await close(template);
    run.onProgress?.(tally.cases);
  }
  return tally;
}

/** Walks through the plans of one statement in a database of its own. */
export async function walkStory(
  run: Run,
  { setup, statement }: Pick<PlanStory, 'setup' | 'statement'>,
): Promise<Omit<Walked, 'end'> & { end: End | 'no plan' }> {
  const rights = [
    'GRANT USAGE ON SCHEMA public TO app',
    'GRANT ALL ON ALL TABLES IN SCHEMA public TO app',
    'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app',
  ];
  const template = await open(run, { tables: [] }, [...setup, ...rights], true);
  if (!template) throw new Error(`PostgreSQL does not take ${setup.join('; ')}`);
  try {
    const script = { form: '', statements: [statement] };
    const plans = await planned(template, 'database', script);
    return plans.length === 0 ? { end: 'no plan', what: '', kind: '' } : await walk(template, script, plans);
  } finally {
    await close(template);
  }
}

/** The same disagreement with less around it. */
export async function smallerPlan(found: FoundPlan, run: Run): Promise<FoundPlan> {
  let best = found;
  const world = randomWorld(chance(found.seed), run.major);
  const holds = async (setup: readonly string[], script: Script) => {
    const template = await open(run, world, setup, true);
    if (!template) return false;
    try {
      const plans = await planned(template, found.view, script);
      if (plans.length === 0) return false;
      const walked = await walk(template, script, plans);
      if (walked.end !== 'unequal' || walked.kind !== found.kind) return false;
      best = { ...walked, view: found.view, seed: found.seed, setup, script, plans };
      return true;
    } catch {
      // a statement without what it needs may be none
      return false;
    } finally {
      await close(template);
    }
  };
  const [, head, tail] =
    /^(ALTER TABLE (?:ONLY )?(?:"[^"]*"|[^\s"])+ )(.*)$/s.exec(found.script.statements[0] ?? '') ?? [];
  if (head && tail)
    await shrunk(pieces(tail), (parts) =>
      parts.length === 0
        ? Promise.resolve(false)
        : holds(best.setup, { ...best.script, statements: [head + parts.join(', ')] }),
    );
  await shrunk(best.setup, (setup) => holds(setup, best.script));
  return best;
}
