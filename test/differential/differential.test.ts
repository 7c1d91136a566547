import type { Client } from 'pg';
import { type Processes, startProcesses } from '../../local/processes';
import type { Catalog } from '../../src/domain/migrations/catalog';
import { loadParser } from '../../src/domain/migrations/parser';
import { isPresent, MAJORS, type Server, startServer } from '../domain/migrations/servers';
import { COUNTED, NARROW, SETUP, UNCOUNTED, WIDE } from './conditions';
import { catalogsOf, differ, judge, type View, views } from './differential';
import { stories } from './found';
import { type Measured, openBench, type Uses } from './measure';
import { REFUSED, TAKEN, THERE, UNNAMED } from './names';
import type { Story } from './story';
import { WORLDS } from './worlds';

/** Of a run that bin/run.js makes again: npm run differential -- --seed 15 --cases 80 */
const SEED = 15;
const CASES = 80;

const harmOf = ({ refused, blocks, broken }: Measured): Story['harm'] => {
  if (refused !== undefined) return 'refused';
  return blocks ? 'blocks' : broken.length > 0 ? 'breaks' : 'none';
};

function usesOf({ uses = [] }: Story): Uses {
  const prepared = uses.flatMap((sql) => {
    const [, name, statement] = /^PREPARE (\w+) AS (.*)$/.exec(sql) ?? [];
    return name && statement ? [{ name, sql: statement, run: `EXECUTE ${name}` }] : [];
  });
  return { uses: uses.filter((sql) => !sql.startsWith('PREPARE')), prepared };
}

describe.each(MAJORS)('on PostgreSQL %i', (major) => {
  const present = isPresent(major);
  let processes: Processes;
  let server: Server;
  let admin: Client;

  beforeAll(async () => {
    if (!present) return;
    await loadParser();
    processes = await startProcesses();
    server = await startServer(processes, major);
    admin = await server.connect('postgres');
    await admin.query('CREATE ROLE app LOGIN');
  });

  afterAll(async () => {
    await admin?.end();
    await processes?.close();
  });

  // every other one on each, because each makes a database and copies it
  const told = stories
    .filter(({ since }, i) => (since ? major >= since : MAJORS[i % MAJORS.length] === major))
    .map((story) => [story.about, story] as const);
  (present ? it.each : it.skip.each)(told)('knows what is done by %s', async (_about, story) => {
    const bench = await openBench(server, admin, usesOf(story), [
      ...story.setup,
      'GRANT USAGE ON SCHEMA public TO app',
    ]);
    try {
      expect(bench.failed).toEqual([]);
      const script = { form: story.about, statements: story.statements, alone: story.alone };
      const { measured, disagreements } = await judge(bench, await catalogsOf(bench, major), script, views);
      expect({ harm: harmOf(measured), measured }).toEqual({ harm: story.harm, measured });
      expect(disagreements.map(({ view, kind, what }) => [view, kind, what])).toEqual([]);
    } finally {
      await bench.close();
    }
  });

  const worlds = WORLDS.map((world) => [world.about, world] as const);
  (present ? it.each : it.skip.each)(worlds)(
    'knows what is done to %s',
    async (_about, { setup, uses, told }) => {
      const bench = await openBench(server, admin, { uses, prepared: [] }, [
        ...setup,
        'GRANT USAGE ON SCHEMA public TO app',
      ]);
      try {
        expect(bench.failed).toEqual([]);
        const catalogs = await catalogsOf(bench, major);
        const answers: unknown[] = [];
        for (const [sql, , view] of told) {
          const script = { form: '', statements: sql.split('; ') };
          const { measured, disagreements } = await judge(bench, catalogs, script, view ? [view] : views);
          answers.push([sql, harmOf(measured), ...disagreements.map((one) => `${one.view}: ${one.what}`)]);
        }
        expect(answers).toEqual(told.map(([sql, harm]) => [sql, harm]));
      } finally {
        await bench.close();
      }
    },
  );

  (present ? it : it.skip)(
    'gives indexes and rules of files the names that PostgreSQL gives them',
    async () => {
      const bench = await openBench(server, admin, { uses: [], prepared: [] }, UNNAMED);
      try {
        expect(bench.failed).toEqual([]);
        const { database, files } = await catalogsOf(bench, major);
        const names = ({ tables }: Catalog) =>
          [...tables.values()].map(({ name, indexes, constraints }) => [
            name,
            indexes.map((index) => `${index.name} of ${index.partOf ?? 'its own'}`).sort(),
            constraints.flatMap(({ kind, name: rule }) => (kind === 'not-null' ? [] : rule)).sort(),
          ]);
        expect(names(files).sort()).toEqual(names(database).sort());
      } finally {
        await bench.close();
      }
    },
  );

  (present ? it : it.skip)(
    'knows what a database refuses, as names that are taken or that nobody has',
    async () => {
      const bench = await openBench(server, admin, { uses: [], prepared: [] }, THERE);
      const catalogs = await catalogsOf(bench, major);
      const answer = async (sql: string) => {
        const { measured, findings } = await judge(
          bench,
          catalogs,
          { form: '', statements: sql.split('; ') },
          ['database'],
        );
        const refused = findings.some(({ message }) => message.includes('is refused by PostgreSQL'));
        return [sql, measured.refused === undefined ? 'taken' : 'refused', refused ? 'refused' : 'taken'];
      };
      try {
        expect(bench.failed).toEqual([]);
        const all = [
          ...REFUSED.map((sql) => [sql, 'refused', 'refused']),
          ...TAKEN.map((sql) => [sql, 'taken', 'taken']),
        ];
        const answers: string[][] = [];
        for (const [sql = ''] of all) answers.push(await answer(sql));
        expect(answers).toEqual(all);
      } finally {
        await bench.close();
      }
    },
  );

  (present ? it : it.skip)('knows how many rows a condition leaves, or that it cannot know', async () => {
    const bench = await openBench(server, admin, { uses: [], prepared: [] }, SETUP);
    const catalogs = await catalogsOf(bench, major);
    const answers = async (statement: string, only: readonly View[]) => {
      const script = { form: 'UpdateStmt', statements: [statement] };
      const { measured, disagreements, opaque } = await judge(bench, catalogs, script, only);
      const said = opaque ? 'unknown' : 'told';
      return [
        statement,
        harmOf(measured),
        said,
        ...disagreements.map(({ view, what }) => `${view}: ${what}`),
      ];
    };
    const updated = (condition: string) => `UPDATE t SET n = n WHERE ${condition}`;
    try {
      expect(bench.failed).toEqual([]);
      for (const one of WIDE.map(updated)) expect(await answers(one, views)).toEqual([one, 'blocks', 'told']);
      for (const one of UNCOUNTED.map(updated))
        expect(await answers(one, views)).toEqual([one, 'blocks', 'unknown']);
      for (const one of NARROW) expect(await answers(one, views)).toEqual([one, 'none', 'told']);
      for (const one of COUNTED.map(updated))
        expect(await answers(one, ['database'])).toEqual([one, 'none', 'told']);
    } finally {
      await bench.close();
    }
  });

  (present ? it : it.skip)('agrees with what happens to schemas and statements made by chance', async () => {
    const tally = await differ({ server, admin, major, seed: SEED, cases: CASES });
    expect(tally.harmful).toBeGreaterThan(CASES / 10);
    const told = tally.found.map(({ price, view, what, script }) => [
      price,
      view,
      script.statements.join('; '),
      what,
    ]);
    expect(told.filter(([price]) => price !== 'false stop')).toEqual([]);
    expect(told.length).toBeLessThanOrEqual(CASES * 0.02 * views.length);
  });
});
