import { rmSync } from 'node:fs';
import { applicationName } from '../../src/domain/deployment/names';
import { type Backend, executing, failuresFromNow, interrupted, killTask } from './bad-days/day';
import { type Images, imagesOf } from './bad-days/images';
import { type Recorder, startRecorder } from './bad-days/recorder';
import { startWire } from './bad-days/wire';
import { type Orders, startOrders } from './orders';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

/** The migration of v2, while it waits for its lock. */
const WAITING = 'alter table orders';
/** An index that is built beside the traffic, in no transaction: it waits for transactions that wrote the table. */
const BUILDS = 'create index concurrently orders_by_day on orders (ordered_at)';

let images: Images;
let world: World;
let orders: Orders;
let recorder: Recorder;
let before: { fingerprint: string; applied: string[] };
beforeAll(async () => {
  images = imagesOf([], { builds: `-- migrate:up transaction:false\n${BUILDS};\n\n-- migrate:down\n` });
  world = await startWorld({ rate: 60, patience: 10, images: images.file });
  orders = startOrders(world.url, 30);
  recorder = startRecorder(world);
});
afterAll(async () => {
  await recorder?.stop();
  await orders?.stop();
  await world?.close();
  rmSync(images.folder, { recursive: true, force: true });
});
beforeEach(async () => {
  before = await world.schema();
});

const strikes: Record<string, (backend: Backend) => unknown> = {
  'its task is killed': (backend) => killTask(world)(backend),
  'the server ends its session': ({ pid }) => world.query(`SELECT pg_terminate_backend(${pid})`),
};
/** Everybody's sessions end with these, so requests that meet them are the database's to lose. */
const outages: Record<string, (backend: Backend) => unknown> = {
  'its backend is killed': ({ pid }) => process.kill(pid, 'SIGKILL'),
  'the database server is killed': () => world.crashDatabase(),
};

/** v1 serves alone, the database is what it was, and it holds every order that the shop has acknowledged. */
async function expectAsBefore() {
  expect(await world.schema()).toEqual(before);
  expect(await orders.missing(world)).toEqual([]);
  expect(recorder.together()).toEqual([]);
}

it.each(Object.entries(strikes))('leaves nothing and loses nothing when %s', async (_, strike) => {
  const lost = [world.load.lost(), orders.failed()];
  const letGo = await world.holdLock('orders');
  const ended = await interrupted(world, { image: 'shop:v2' }, WAITING, strike);
  await letGo();
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('schema as before')]);
  await expectAsBefore();
  await expectServing(world, { version: 'v1', slot: 'a' });
  expect([world.load.lost(), orders.failed()]).toEqual(lost);
});

it.each(['pg_dump', 'shop v1'])(
  'gives way to a transaction of %s that holds the table, and names it',
  async (name) => {
    const lost = [world.load.lost(), orders.failed()];
    const letGo = await world.holdLock('orders', name);
    const ended = await world.deploy({ image: 'shop:v2', ...quick });
    await letGo();
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(new RegExp(`hold locks: ${name} for \\d+ s \\(orders\\); end them or wait`));
    await expectAsBefore();
    await expectServing(world, { version: 'v1', slot: 'a' });
    expect([world.load.lost(), orders.failed()]).toEqual(lost);
  },
);

it.each(['cut', 'silence'] as const)(
  'leaves nothing after a %s of the line between the task and the database',
  async (failure) => {
    const { migrations } = world.settings;
    const wire = await startWire(await world.connection());
    await world.configure({
      migrations: { ...migrations, command: ['env', `DB_PORT=${wire.port}`, ...migrations.command] },
    });
    const letGo = await world.holdLock('orders');
    const deadlines = failure === 'silence' ? { migrationSeconds: 60 } : {};
    const ended = await interrupted(world, { image: 'shop:v2', deadlines }, WAITING, wire[failure]);
    await letGo();
    wire.close();
    await world.configure({});
    expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('schema as before')]);
    await expectAsBefore();
    await expectServing(world, { version: 'v1', slot: 'a' });
  },
);

it('calls an operator when a migration in no transaction is killed, and says how dbmate gets out of it', async () => {
  const letGo = await world.holdLock('orders', 'pg_dump', 'ROW EXCLUSIVE');
  const ended = await interrupted(world, { image: 'shop:builds' }, BUILDS, killTask(world));
  await letGo();
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toContain('the schema changed although the history table records no migration');
  expect(ended.cause).toContain(
    "undo by hand what 20270101000000 left, or complete it and run INSERT INTO schema_migrations (version) VALUES ('20270101000000')",
  );
  expect(await world.serving()).toEqual(['v1']);
  expect(await world.lockHolder()).toBe(ended.name);
  expect(await orders.missing(world)).toEqual([]);
  expect(
    await world.query(
      "SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'orders_by_day'::regclass",
    ),
  ).toEqual([{ valid: false }]);
  await world.query('DROP INDEX CONCURRENTLY orders_by_day');
  await world.rest();
  await expectAsBefore();
});

/** Every process of the database server, its own ones too. */
async function backends(): Promise<string[]> {
  const rows = await world.query<{ backend: string }>(
    "SELECT pid || ' since ' || backend_start AS backend FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
  );
  return rows.map(({ backend }) => backend);
}

it.each(Object.entries(outages))('leaves nothing when %s', async (_, strike) => {
  let struck: string[] = [];
  const letGo = await world.holdLock('orders');
  const ended = await interrupted(world, { image: 'shop:v2' }, WAITING, async (backend) => {
    struck = await backends();
    await strike(backend);
  });
  await letGo();
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('schema as before')]);
  await expectAsBefore();
  // the database was really away: nothing of it runs on, although no order need have met the moment
  const now = await backends();
  expect(struck.length).toBeGreaterThan(4);
  expect(struck.filter((backend) => now.includes(backend))).toEqual([]);
  expect(await failuresFromNow(orders)).toBe(0);
});

it('waits for a database that is away when the rollback begins', async () => {
  const letGo = await world.holdLock('orders');
  const execution = await world.start(
    { service: 'shop', reason: 'a test', image: 'shop:v2', ...quick },
    'away',
  );
  await executing(world, execution, WAITING);
  const start = await world.stopDatabase();
  expect(await world.entered(execution, 'WaitForDatabase')).toBe(true);
  await start();
  const ended = await world.ended(execution);
  await letGo();
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('schema as before')]);
  await expectAsBefore();
  expect(await failuresFromNow(orders)).toBe(0);
});

it('lets the next deployment migrate only once the backend of the first one is gone', async () => {
  const letGo = await world.holdLock('orders');
  const request = { service: 'shop', reason: 'a test', image: 'shop:v2', ...quick };
  const first = await world.start(request, 'first');
  await executing(world, first, WAITING);
  const thaw = await world.freeze(applicationName('first'));
  await killTask(world)({ deployment: 'first', pid: 0 });
  const second = await world.start({ ...request, onBusy: 'wait' }, 'second');
  expect(await world.entered(first, 'WaitForDatabase')).toBe(true);
  expect(await world.migrationTasks()).toBe(0);
  await letGo();
  thaw();
  expect((await world.ended(first)).outcome).toBe('RolledBack');
  expect((await world.ended(second)).outcome).toBe('DeploymentSucceeded');
  expect(recorder.together()).toEqual([]);
  expect(recorder.looks()).toBeGreaterThan(100);
  expect(await orders.missing(world)).toEqual([]);
  expect(await world.serving()).toEqual(['v2']);
  expect(await world.lockHolder()).toBeUndefined();
});
