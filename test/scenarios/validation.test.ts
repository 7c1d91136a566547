import { main } from '../../src/cli';
import { snapshotName } from '../../src/domain/deployment/names';
import type { Report } from '../../src/domain/report';
import { databaseIn } from '../../src/domain/settings/database';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

/** The report as a person gets it: by the command that the message to people names. */
async function report(name: string): Promise<Report> {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: world.cloud.endpoint,
    AWS_REGION: world.cloud.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const out: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => out.push(line));
  try {
    expect(await main(['report', name, '--workflow', 'Shop', '--json'])).toBe(0);
  } finally {
    log.mockRestore();
  }
  return JSON.parse(out.join('\n'));
}

const findings = ({ phases }: Report, step: string) =>
  phases.flatMap(({ steps }) => steps).findLast((one) => one.step === step)?.findings ?? [];

/** Somebody took it upon themselves what the plan says of the rows. */
const accepted: Record<string, string[]> = {
  'v2-rows': ['20260112100200'],
  'v2-lost': ['20260112100300'],
};

/** v1 serves alone, and the database is what it was. */
async function expectReturned(before: Awaited<ReturnType<World['schema']>>) {
  expect(await world.schema()).toEqual(before);
  expect(await world.serving()).toEqual(['v1']);
  expect(await world.running()).toEqual({ a: 2, b: 0 });
  expect(await world.lockHolder()).toBeUndefined();
  expect(await world.migrationTasks()).toBe(0);
  expect(world.load.lost()).toBe(0);
}

it.each([
  [
    'v2-index',
    'standard',
    'an invalid index',
    /indexes public\.visits_by_product are invalid; DROP INDEX CONCURRENTLY/,
  ],
  [
    'v2-sequence',
    'standard',
    'a sequence behind its rows',
    /behind the rows of their columns: public\.offers_id_seq of public\.offers\.id by 100;/,
  ],
  [
    'v2-rights',
    'standard',
    'the application with fewer rights',
    /the application's role has lost DELETE on public\.orders/,
  ],
  ['v2-rows', 'comprehensive', 'fewer rows', /rows are lost: public\.orders has \d+ rows where it had \d+/],
])(
  'refuses %s (%s), whose migration ends well and leaves %s, and takes it back',
  async (tag, validation, _what, cause) => {
    const before = await world.schema();
    const ended = await world.deploy({
      image: `shop:${tag}`,
      validation,
      ...quick,
      accept: accepted[tag] ?? [],
    });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(cause);
    expect(ended.path).toEqual(
      expect.arrayContaining(['VerifyMigration', 'RevertMigration', 'VerifyRollback']),
    );
    expect(ended.path).not.toContain('StartGreen');
    await expectReturned(before);
  },
);

it('has given back every right and every row', async () => {
  const [rights] = await world.query<{ may: boolean }>(
    "SELECT has_table_privilege('orders', 'DELETE') AS may",
  );
  const [old] = await world.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM orders WHERE ordered_at < now() - interval '1 day'",
  );
  expect([rights?.may, (old?.n ?? 0) > 500]).toEqual([true, true]);
});

it('calls v2-lost no rollback: its schema returns and its rows do not', async () => {
  const ended = await world.deploy({
    image: 'shop:v2-lost',
    validation: 'comprehensive',
    ...quick,
    accept: accepted['v2-lost'],
  });
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toMatch(/rows: rows are lost: public\.orders has \d+ rows where it had \d+/);
  expect(ended.cause).toContain(`its snapshot is ${snapshotName(ended.name, databaseIn(world.settings))}`);
  expect(await world.serving()).toEqual(['v1']);
  expect(await world.lockHolder()).toBe(ended.name);
  const told = await report(ended.name);
  expect(told).toMatchObject({
    outcome: 'NeedsOperator',
    requestedImage: 'shop:v2-lost',
    now: { slot: 'a' },
  });
  await world.rest();
});

it('looks less closely where less is asked for', async () => {
  const before = await world.schema();
  const ended = await world.deploy({ image: 'shop:v2-index', validation: 'basic', ...quick });
  expect(ended.path).toContain('StartGreen');
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect((await world.schema()).applied.length).toBe(before.applied.length + 1);
  await world.rest();
});

it('reports of a good release that every check of every level is well, with the table it analysed', async () => {
  const ended = await world.deploy(
    { image: 'shop:v2', validation: 'comprehensive', requestedBy: 'anna', ...quick },
    'comprehensive-v2',
  );
  expect(ended.outcome).toBe('DeploymentSucceeded');
  const told = await report('comprehensive-v2');
  const after = findings(told, 'VerifyMigration');
  expect(after.map(({ check }) => check)).toEqual([
    'connection',
    'history',
    'schema',
    'constraints',
    'indexes',
    'sequences',
    'permissions',
    'foreignKeys',
    'rows',
    'replication',
    'statistics',
  ]);
  expect(after.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(after.at(-1)?.detail).toBe('analysed public.orders');
  expect(after.find(({ check }) => check === 'rows')?.detail).toMatch(
    /^none lost from public\.orders \(\d+\)$/,
  );
  const [{ fresh } = {}] = await world.query<{ fresh: boolean }>(
    "SELECT last_analyze > now() - interval '1 minute' AS fresh FROM pg_stat_user_tables WHERE relname = 'orders'",
  );
  expect(fresh).toBe(true);
  expect(findings(told, 'InspectDatabase').filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(told).toMatchObject({
    requestedImage: 'shop:v2',
    requestedBy: 'anna',
    reason: 'a test',
    outcome: 'DeploymentSucceeded',
    now: { image: told.image },
  });
  expect(told.phases.map(({ phase }) => phase)).toEqual([
    'prepare',
    'protect',
    'expand',
    'deploy',
    'shift',
    'contract',
    'finish',
  ]);
});

it('tells people where to read on, at every end', () => {
  const messages = world.cloud.services.sns.recent().map(({ message }) => message);
  for (const end of [/serves all traffic/, /the previous version serves/, /rollback failed/])
    expect(messages.find((message) => end.test(message))).toMatch(
      /\n\nnpx greenlight report \S+ --workflow Shop$/,
    );
});
