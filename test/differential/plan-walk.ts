import type { Client } from 'pg';
import { type Catalog, copyOf } from '../../src/domain/migrations/catalog';
import { type Planned, plansOf } from '../../src/domain/migrations/planned';
import type { Stage, StagedPlan } from '../../src/domain/migrations/staged';
import type { Server } from '../domain/migrations/servers';
import type { View } from './differential';
import { advanceNew, differing, differingRows, rowsOf, schemaOf } from './plan-end';
import { type Known, knownTo, usesIn } from './plan-versions';
import type { Script } from './statements';

export type End =
  /** The schema and the rows are those that the statement would have made. */
  | 'equal'
  /** The plan named what it does not keep before its first step, and its contraction refused while that was missing. */
  | 'named'
  /** PostgreSQL refuses the statement itself, so there is nothing to compare with. */
  | 'refused'
  | 'unequal';

export interface Walked {
  end: End;
  /** Of an unequal end: the step, and what went wrong there. */
  what: string;
  kind: string;
}

/** A database that others are copied from; nobody is connected to it. */
export interface Template {
  server: Server;
  admin: Client;
  database: string;
  world: Known;
  /** What is known of it: read from it, or as the files leave it that have made it. */
  catalogs: Record<View, Catalog>;
}

/** Plans are for tables that are big; these are not, so that many can be walked through. */
function unsized(catalog: Catalog): Catalog {
  const copy = copyOf(catalog);
  for (const [name, { rows: _rows, bytes: _bytes, ...table }] of copy.tables) copy.tables.set(name, table);
  return copy;
}

export async function plannedFor(
  { catalogs }: Pick<Template, 'catalogs'>,
  view: View,
  { statements, alone }: Script,
): Promise<Planned[]> {
  const up = statements.join(';\n');
  const migrations = [
    { id: '1', file: '1.sql', up, down: null, transactional: !alone, firstLine: 1, checksum: '' },
  ];
  return plansOf({ migrations, catalog: unsized(catalogs[view]) } as never, {});
}

/** Steps of several plans as they would be run: release by release. */
const inOrder = (plans: readonly StagedPlan[]): Stage[] =>
  plans.flatMap(({ stages }) => stages).sort((a, b) => a.release - b.release);

/** Which versions are at work: those that every plan lets work. The new one waits for the first step of each. */
function atWorkOf(plans: readonly StagedPlan[]) {
  const states = new Map(plans.map((plan) => [plan, { old: true, new: plan.stages.length === 0 }]));
  return {
    done(stage: Stage) {
      const plan = plans.find(({ stages }) => stages.includes(stage));
      if (plan) states.set(plan, stage.works);
    },
    now: () => ({
      old: [...states.values()].every((state) => state.old),
      new: [...states.values()].every((state) => state.new),
    }),
  };
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? '';
const messageOf = (error: unknown) => `${codeOf(error)} ${(error as Error).message}`;

/** What only the reader knows: any value does where nobody looks at it. */
const filledIn = (sql: string) => sql.replaceAll(/<value for \w+>/g, '0');

/** One session that executes what a version does, each statement for good. */
async function perform(client: Client, uses: readonly string[]): Promise<Set<string>> {
  const worked = new Set<string>();
  for (const sql of uses)
    await client.query(sql).then(
      () => worked.add(sql),
      () => {},
    );
  return worked;
}

let copies = 0;

async function withCopy<T>(
  { server, admin, database }: Template,
  use: (postgres: Client, app: () => Promise<Client>) => Promise<T>,
): Promise<T> {
  const name = `copy_${copies++}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${database}`);
  const sessions: Client[] = [];
  const open = async (user?: string) => {
    const session = await server.connect(name, user);
    sessions.push(session);
    return session;
  };
  try {
    const postgres = await open();
    await postgres.query('SET client_min_messages = error');
    return await use(postgres, () => open('app'));
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
}

/** Rounds of the new version write other rows than those of the old one. */
const NEW_ROUNDS = 20;

interface Original {
  schema: string[];
  rows: string[];
  /** What each version does in each of its rounds, as far as it works. */
  old: string[][];
  fresh: string[][];
}

/** What the statement itself leads to, when the old version has written before it and the new one behind it. */
async function original(
  template: Template,
  script: Script,
  rounds: { old: number; fresh: number },
  whole: boolean,
): Promise<Original | string> {
  return withCopy(template, async (postgres, app) => {
    const { world } = template;
    const before = await knownTo(postgres);
    const session = await app();
    const performed = async (uses: string[][]) => {
      const kept: string[][] = [];
      for (const round of uses) {
        const worked = await perform(session, round);
        kept.push(round.filter((sql) => worked.has(sql)));
      }
      return kept;
    };
    const numbers = (length: number) => Array.from({ length }, (_, i) => i);
    // rows that are written while data are changed in batches may have been met or not: here they come behind
    const isData = /^(?:UPDATE|DELETE)\b/.test(script.statements[0] ?? '');
    const execute = async () => {
      for (const statement of script.statements) await postgres.query(statement);
      await advanceNew(postgres);
    };
    const early = isData ? await execute().catch(messageOf) : undefined;
    if (early !== undefined) return early;
    const old = await performed(
      numbers(rounds.old).map((round) => usesIn(world, before, before, round, whole)),
    );
    const late = isData ? undefined : await execute().catch(messageOf);
    if (late !== undefined) return late;
    const schema = await schemaOf(postgres);
    const now = await knownTo(postgres);
    const fresh = await performed(
      numbers(rounds.fresh).map((round) => usesIn(world, before, now, NEW_ROUNDS + round, whole)),
    );
    return { schema, rows: await rowsOf(postgres), old, fresh };
  });
}

/** The name in "index by_n: make it ...". */
const nameIn = (notKept: string) =>
  notKept.replace(/^(?:index|check|foreign key) /, '').replace(/(?: of .*?)?: .*/s, '');

class Differs extends Error {
  constructor(
    message: string,
    readonly kind: string,
  ) {
    super(message);
  }
}

const differs = (step: string, what: string, kind: string) => new Differs(`${step}: ${what}`, kind);
const kindOfStep = ({ name }: Stage) => name.split('_')[0]!;

/** A version at work: it prepares by name what it does in every other round. */
async function version(session: Client, rounds: readonly string[][], who: string) {
  const prepared = new Map<string, string>();
  const prepare = async () => {
    for (const [i, uses] of rounds.entries())
      if (i % 2 === 1)
        for (const sql of uses) {
          if (prepared.has(sql)) continue;
          const name = `${who}_${prepared.size}`;
          await session.query(`PREPARE ${name} AS ${sql}`);
          prepared.set(sql, name);
        }
  };
  let next = 0;
  return {
    prepare,
    /** All of a round; throws for the first statement that fails. `again`: the plan tells it to prepare anew. */
    async works(stage: Stage, again: boolean): Promise<void> {
      for (const sql of rounds[next++] ?? []) {
        const name = prepared.get(sql);
        try {
          await session.query(name ? `EXECUTE ${name}` : sql);
        } catch (error) {
          if (name && again && codeOf(error) === '0A000') await session.query(sql);
          else
            throw differs(
              stage.name,
              `${who} version${name ? ', prepared' : ''}: ${sql}: ${messageOf(error)}`,
              `${kindOfStep(stage)} ${who} ${codeOf(error)}`,
            );
        }
      }
    },
  };
}

async function run(postgres: Client, stage: Stage, sql: string, direction: string): Promise<void> {
  try {
    await postgres.query(filledIn(sql));
  } catch (error) {
    throw Object.assign(
      differs(
        stage.name,
        `${direction}: ${messageOf(error)}`,
        `${kindOfStep(stage)} ${direction} ${codeOf(error)}`,
      ),
      {
        code: codeOf(error),
        stage,
      },
    );
  }
}

/** Every step up, down and up again, the versions at work where the plan says that they are. */
async function walkPlans(template: Template, plans: readonly StagedPlan[], wanted: Original): Promise<void> {
  await withCopy(template, async (postgres, app) => {
    const stages = inOrder(plans);
    const [before, behind] = [await app(), await app()];
    const old = await version(before, wanted.old, 'old');
    const fresh = await version(behind, wanted.fresh, 'new');
    await old.prepare();
    const versions = atWorkOf(plans);
    let again = false;
    const atWork = async (stage: Stage) => {
      const now = versions.now();
      if (now.old) await old.works(stage, again);
      if (now.new) await fresh.works(stage, again);
    };
    let schemaNow = await schemaOf(postgres);
    for (const stage of stages) {
      again ||= /prepare them again/.test(stage.why);
      const was = versions.now();
      if (stage.up !== '') {
        await run(postgres, stage, stage.up, 'up');
        const after = await schemaOf(postgres);
        if (stage.down) {
          await run(postgres, stage, stage.down, 'down');
          const back = differing(schemaNow, await schemaOf(postgres));
          if (back.length > 0)
            throw differs(stage.name, `taken back: ${back.join('; ')}`, `${kindOfStep(stage)} back`);
          await atWork(stage);
          await run(postgres, stage, stage.up, 'up again');
          const twice = differing(after, await schemaOf(postgres));
          if (twice.length > 0)
            throw differs(stage.name, `up again: ${twice.join('; ')}`, `${kindOfStep(stage)} again`);
        }
        schemaNow = after;
        await advanceNew(postgres);
      }
      versions.done(stage);
      if (versions.now().new && !was.new)
        await fresh.prepare().catch((error) => {
          throw differs(
            stage.name,
            `new version prepares: ${messageOf(error)}`,
            `${kindOfStep(stage)} prepare ${codeOf(error)}`,
          );
        });
      await atWork(stage);
    }
    const schema = differing(wanted.schema, await schemaOf(postgres));
    if (schema.length > 0)
      throw differs(
        'end',
        schema.join('; '),
        `end ${[...new Set(schema.map((line) => line.split(' ').slice(0, 2).join('')))].join()}`,
      );
    const rows = differingRows(wanted.rows, await rowsOf(postgres));
    if (rows.length > 0) throw differs('end', rows.slice(0, 6).join('; '), 'rows');
  });
}

/** How often each version is at work while the plans are walked through. */
function roundsOf(plans: readonly StagedPlan[]): { old: number; fresh: number } {
  const versions = atWorkOf(plans);
  const count = { old: 0, fresh: 0 };
  const atWork = () => {
    const now = versions.now();
    if (now.old) count.old++;
    if (now.new) count.fresh++;
  };
  for (const stage of inOrder(plans)) {
    if (stage.up !== '' && stage.down) atWork();
    versions.done(stage);
    atWork();
  }
  return count;
}

/** Executes the plans for a script and the script itself, each on a copy of its own, and compares. */
export async function walk(
  template: Template,
  script: Script,
  plans: readonly StagedPlan[],
): Promise<Walked> {
  const rounds = roundsOf(plans);
  // a new default that comes in the first release is met by rows of the old version as well
  const setsDefault = /\bSET DEFAULT\b/.test(script.statements.join());
  let wanted = await original(template, script, rounds, setsDefault);
  if (typeof wanted === 'string' && wanted.startsWith('23'))
    wanted = await original(template, script, rounds, true);
  if (typeof wanted === 'string') return { end: 'refused', what: wanted, kind: 'refused' };
  try {
    await walkPlans(template, plans, wanted);
    return { end: 'equal', what: '', kind: 'equal' };
  } catch (error) {
    if (!(error instanceof Differs)) throw error;
    // only the key that the change brings lets anybody write a table that is published
    if (/ replica identity and publishes /.test(error.message))
      return { end: 'refused', what: error.message, kind: 'refused' };
    const { code, stage } = error as Differs & { code?: string; stage?: Stage };
    const named =
      code === '55000' &&
      stage?.phase === 'contract' &&
      plans.some(({ notKept = [] }) => notKept.some((what) => error.message.includes(nameIn(what))));
    return { end: named ? 'named' : 'unequal', what: error.message, kind: error.kind };
  }
}
