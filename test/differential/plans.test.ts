import type { Client } from 'pg';
import { type Processes, startProcesses } from '../../local/processes';
import { loadParser } from '../../src/domain/migrations/parser';
import { isPresent, MAJORS, type Server, startServer } from '../domain/migrations/servers';
import { differPlans, walkStory } from './plan-differential';
import { planStories } from './plan-found';

/** Of a run that bin/run.js makes again: npm run differential -- --plans --seed 15 --cases 3 */
const SEED = 15;
const CASES = 3;

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

  // every other one on each, because each makes a database and copies it twice
  const told = planStories
    .filter((_story, i) => MAJORS[i % MAJORS.length] === major)
    .map((story) => [story.about, story] as const);
  (present ? it.each : it.skip.each)(told)(
    'the plan leads where the statement does for %s',
    async (_about, story) => {
      const { end, what } = await walkStory({ server, admin, major, seed: 0, cases: 0 }, story);
      expect({ end, what }).toEqual({ end: story.end, what: story.end === 'equal' ? '' : what });
    },
  );

  (present ? it : it.skip)('plans for statements made by chance lead where these do', async () => {
    const tally = await differPlans({ server, admin, major, seed: SEED, cases: CASES });
    expect(tally.found.map(({ script, what }) => [script.statements.join('; '), what])).toEqual([]);
    expect(tally.cases).toBe(CASES);
  });
});
