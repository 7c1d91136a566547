import { startedBy } from '../../src/domain/deployment/names';
import type { Settings } from '../../src/domain/settings/settings';
import { type Orders, startOrders } from './orders';
import { program } from './seeding';
import { expectServing, otherThan, servingNow } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(600_000);

const REPEATABLE = "INSERT INTO units VALUES ('g', 'gram'), ('kg', 'kilogram') ON CONFLICT DO NOTHING";
/** There is no key on which the second run could notice. */
const DOUBLES = "INSERT INTO hints (text) VALUES ('weigh first')";

let world: World;
let orders: Orders | undefined;
beforeAll(async () => {
  world = await startWorld({ rate: 60, patience: 30 });
});
afterAll(() => world?.close());
beforeEach(() =>
  world.query(
    'CREATE TABLE units (code text PRIMARY KEY, name text NOT NULL); CREATE TABLE hints (text text NOT NULL)',
  ),
);
afterEach(async () => {
  await orders?.stop();
  orders = undefined;
  await world.configure({});
  await world.rest();
  await world.query('DROP TABLE units, hints');
});

const seeded = (seeds: Partial<Settings['seeds']>) =>
  world.configure({
    seeds: { onChange: 'warn', compareBytes: 100_000_000, command: [], revertCommand: [], ...seeds },
  });
const rows = async (table: 'units' | 'hints') =>
  (await world.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n;
const runs = (path: string[]) => path.filter((state) => state === 'StartMigration').length;

interface Verified {
  findings: { check: string; status: string; detail: string }[];
}
/** What was found of the seeds. */
const found = async (deployment: string) =>
  (await world.journal(deployment))
    .filter(({ step }) => step === 'VerifyMigration')
    .flatMap(({ result }) => (result as Verified).findings)
    .find(({ check }) => check === 'seeds');
const announced = () =>
  world.cloud.services.events.recent().filter((one) => JSON.stringify(one).includes('SeedsUnproven'));

it('brings reference data behind the migrations, shows that another run changes nothing, and runs once where they are there', async () => {
  await seeded({ command: program(REPEATABLE) });
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
  expect(await found(ended.name)).toMatchObject({
    status: 'ok',
    detail: expect.stringMatching(
      /^a second run changed nothing \(\d+ tables are compared row by row\); while the first ran public\.units \(0 → 2 rows\) changed$/,
    ),
  });
  expect([runs(ended.path), await rows('units')]).toEqual([3, 2]);
  const again = await world.deploy({ image: 'shop:v2', ...quick });
  expect([again.outcome, again.cause]).toEqual(['DeploymentSucceeded', '']);
  expect([runs(again.path), (await found(again.name))?.detail]).toEqual([
    1,
    expect.stringMatching(/^the seeds changed nothing, so they can run again/),
  ]);
  expect(announced()).toEqual([]);
});

it('warns of seeds whose second run changes rows, and goes on', async () => {
  await seeded({ command: program(REPEATABLE, DOUBLES) });
  const { slot } = await servingNow(world);
  const ended = await world.deploy({ image: 'shop:v1', ...quick });
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
  expect(await found(ended.name)).toMatchObject({
    status: 'warning',
    detail: expect.stringMatching(
      /^a second run of the seeds changed public\.hints \(1 → 2 rows\), and nobody else was seen to write there/,
    ),
  });
  expect(announced()).toHaveLength(1);
  await expectServing(world, { version: 'v1', slot: otherThan(slot) });
});

it('stops at such seeds where the settings say so, and takes them back by their command', async () => {
  const before = await servingNow(world);
  await seeded({
    command: program(REPEATABLE, DOUBLES),
    revertCommand: program('DELETE FROM hints', "DELETE FROM units WHERE code IN ('g', 'kg')"),
    onChange: 'stop',
  });
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  expect([ended.outcome, ended.cause]).toEqual([
    'RolledBack',
    expect.stringContaining('a second run of the seeds changed public.hints (1 → 2 rows)'),
  ]);
  expect(await Promise.all([rows('units'), rows('hints')])).toEqual([0, 0]);
  expect(ended.path).toContain('RevertMigration');
  await expectServing(world, before);
});

it('rolls back behind seeds that fail, and leaves what they have written where nothing takes it back', async () => {
  const before = await servingNow(world);
  await seeded({ command: program(REPEATABLE, 'SELECT 1 / 0') });
  const ended = await world.deploy({ image: 'shop:v1', ...quick });
  expect([ended.outcome, ended.cause]).toEqual([
    'RolledBack',
    expect.stringMatching(
      /^the run of the seeds failed: EssentialContainerExited.*; what the seeds have written stays: seeds.revertCommand is empty$/,
    ),
  ]);
  const journal = await world.journal(ended.name);
  expect(journal.findLast(({ step }) => step === 'ChooseRollback')?.result).toMatchObject({
    action: 'keep',
    cause: expect.stringContaining('what the seeds have written stays: seeds.revertCommand is empty'),
  });
  expect(await rows('units')).toBe(2);
  await expectServing(world, before);
});

const chosen = async (deployment: string) =>
  (await world.journal(deployment))
    .filter(({ step }) => step === 'ChooseRollback')
    .map(({ result }) => (result as { cause: string }).cause);
const FORGET = "DELETE FROM units WHERE code IN ('g', 'kg')";

it('takes back what a release brought whose green never comes up, and leaves what an earlier one had brought', async () => {
  const before = await servingNow(world);
  await seeded({ command: program(REPEATABLE), revertCommand: program(FORGET) });
  const release = { image: 'shop:v5', ...quick, deadlines: { greenSeconds: 30 } };
  const first = await world.deploy(release);
  expect([first.outcome, await rows('units')]).toEqual(['RolledBack', 0]);
  expect(await chosen(first.name)).toEqual([
    expect.stringContaining('the seeds are taken back first'),
    expect.stringContaining('the seeds were taken back'),
  ]);
  await world.rest();
  await world.query(REPEATABLE);
  const second = await world.deploy(release);
  expect([second.outcome, await rows('units')]).toEqual(['RolledBack', 2]);
  expect(await chosen(second.name)).toEqual([expect.stringContaining('the seeds had changed nothing')]);
  await expectServing(world, before);
});

it('calls a person where they cannot be taken back, and goes on without it once the rollback is resumed', async () => {
  const before = await servingNow(world);
  await seeded({
    command: program(REPEATABLE, DOUBLES),
    revertCommand: program('SELECT 1 / 0'),
    onChange: 'stop',
  });
  const stuck = await world.deploy({ image: 'shop:v1', ...quick });
  expect([stuck.outcome, stuck.cause]).toEqual([
    'NeedsOperator',
    expect.stringMatching(
      /taking the seeds back failed: .*; mend what they have left; resumed, the rollback goes on/,
    ),
  ]);
  expect(await world.lockHolder()).toBe(stuck.name);
  const ended = await world.rollBack(stuck.name);
  expect([ended.outcome, (await chosen(stuck.name)).at(-1)]).toEqual([
    'RolledBack',
    expect.stringContaining('the seeds stay, because taking the seeds back failed'),
  ]);
  await expectServing(world, before);
});

it('counts a second run that fails among those that cannot run again', async () => {
  await seeded({ command: program("INSERT INTO units VALUES ('g', 'gram')") });
  const ended = await world.deploy({ image: 'shop:v1', ...quick });
  expect([ended.outcome, await found(ended.name)]).toEqual([
    'DeploymentSucceeded',
    {
      check: 'seeds',
      status: 'warning',
      detail: expect.stringContaining('a second run of the seeds failed: the second run of the seeds failed'),
    },
  ]);
});

it('brings none into an environment that is not named', async () => {
  await seeded({ command: program(REPEATABLE), environments: ['elsewhere'] });
  const ended = await world.deploy({ image: 'shop:v1', ...quick });
  expect([ended.outcome, ended.path.includes('StartMigration'), await rows('units')]).toEqual([
    'DeploymentSucceeded',
    false,
    0,
  ]);
  const { environment } = world.settings;
  await seeded({ command: program(REPEATABLE), environments: [environment] });
  await world.deploy({ image: 'shop:v1', ...quick });
  expect(await rows('units')).toBe(2);
});

it('does not judge tables to which others write meanwhile', async () => {
  orders = startOrders(world.url, 60);
  await seeded({
    command: program(REPEATABLE, 'INSERT INTO orders (product_id, quantity) VALUES (1, 1)'),
    onChange: 'stop',
  });
  const ended = await world.deploy({ image: 'shop:v1', ...quick });
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
  expect(await found(ended.name)).toMatchObject({
    status: 'warning',
    detail: expect.stringMatching(
      /^others write to public\.orders, so it is not known what a second run of the seeds changed there$/,
    ),
  });
  expect(await orders.missing(world)).toEqual([]);
});

it.each(['seed', 'seed-again'] as const)(
  'ends a %s whose execution was aborted before anything else runs',
  async (round) => {
    const before = await servingNow(world);
    await world.query('CREATE TABLE pace (seconds int)');
    await world.query(`INSERT INTO pace VALUES (${round === 'seed' ? 600 : 0})`);
    await seeded({
      command: program(
        REPEATABLE,
        "INSERT INTO hints VALUES ('first')",
        'SELECT pg_sleep(max(seconds)) FROM pace',
        'INSERT INTO pace VALUES (600)',
      ),
    });
    const execution = await world.start(
      { service: 'shop', image: 'shop:v1', reason: 'a test', requestedBy: 'a test', ...quick },
      `aborted-${round}`,
    );
    await until(
      async () =>
        (await world.marked(startedBy(round, `aborted-${round}`))).some(
          ({ status }) => status === 'RUNNING',
        ) || undefined,
    );
    const asleep =
      "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'greenlight-aborted%' AND query LIKE '%pg_sleep%'";
    await until(async () => (await world.query(asleep)).length > 0 || undefined);
    await world.stop(execution);
    await until(async () => (await world.lockHolder()) === undefined || undefined);
    expect(await world.query(asleep)).toEqual([]);
    expect(await world.marked(startedBy(round, `aborted-${round}`))).toEqual([
      expect.objectContaining({ status: 'STOPPED' }),
    ]);
    expect(await rows('hints')).toBe(round === 'seed' ? 1 : 2);
    await expectServing(world, before);
    await world.query('DROP TABLE pace');
  },
);
