import type { Client } from 'pg';
import { type Processes, startProcesses } from '../../../../local/processes';
import { loadParser } from '../../../../src/domain/migrations/parser';
import { type Server, startServer } from '../servers';
import { type History, histories, statementsIn } from './history';
import { isHarmful, scoreOf } from './score';
import { type Judged, walk } from './walk';

/** Statements that stop although they harm nobody here, with the reason. */
const FALSE_ALARMS: Record<string, string> = {
  'ALTER TABLE "Movements" ADD CONSTRAINT "FK_Movements_Reasons_ReasonId" FOREIGN KEY ("ReasonId") REFERENCES "Reasons" ("Id")':
    'no row has a value in the column, and an index shows it to PostgreSQL; whether it looks there is up to its planner',
  "DELETE FROM loan WHERE since <= '2019-01-01'":
    'no row is as old as that; how many lie on one side of a value is not looked up',
};

/** Two of three; the bench walks all of them, on both majors. */
const SAMPLE = histories().filter((_history, i) => i % 3 !== 2);

const shown = ({ history, file, line, text, blocks, broken, stopping }: Judged) =>
  [history, file, line, text, blocks ? 'blocks' : '', broken[0] ?? '', stopping[0]?.message ?? ''].join(
    ' · ',
  );

let processes: Processes;
let server: Server;
let admin: Client;
let judged: Judged[];

beforeAll(async () => {
  await loadParser();
  processes = await startProcesses();
  server = await startServer(processes, 18);
  admin = await server.connect('postgres');
  judged = [];
  for (const history of SAMPLE) judged.push(...(await walk(server, admin, history)));
}, 240_000);

afterAll(async () => {
  await admin?.end();
  await processes?.close();
});

const statementsOf = (some: History[]) =>
  some.flatMap(({ releases }) =>
    releases.flatMap(({ files }) => files.flatMap(({ up }) => statementsIn(up!))),
  );

it('has at least 12 histories of at least 400 statements together, of which some harm and most do not', () => {
  expect(histories().length).toBeGreaterThanOrEqual(12);
  expect(statementsOf(histories()).length).toBeGreaterThanOrEqual(400);
  const { statements, harmful } = scoreOf(judged, () => 0);
  expect(harmful).toBeGreaterThanOrEqual(60);
  expect(harmful).toBeLessThan(statements / 3);
});

it('looks at every statement that is in the files', () => {
  expect(judged.map(({ text }) => text)).toEqual(statementsOf(SAMPLE).map(({ text }) => text));
});

it('finds every statement that blocks or breaks the live version', () => {
  const missed = judged.filter((one) => isHarmful(one) && one.stopping.length === 0);
  expect(missed.map(shown)).toEqual([]);
});

it('stops fewer than 2 % of the statements that do not, each of them known', () => {
  const alarms = judged.filter((one) => !isHarmful(one) && one.stopping.length > 0);
  expect(alarms.filter(({ text }) => !(text in FALSE_ALARMS)).map(shown)).toEqual([]);
  expect(alarms.length).toBeLessThan(judged.filter((one) => !isHarmful(one)).length * 0.02);
});

it('has at most 1.2 stopping findings per statement that harms', () => {
  const { findings, harmful } = scoreOf(judged, ({ stopping }) => stopping.length);
  expect(findings / harmful).toBeLessThanOrEqual(1.2);
});
