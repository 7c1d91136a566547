import { rmSync } from 'node:fs';
import { type Images, imagesOf } from './bad-days/images';
import { type Orders, startOrders } from './orders';
import { servingNow } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(600_000);

/** Takes the orders away from everybody for as long as the table `pace` says. */
const HOLDS = 'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE';
const RELEASES = {
  holding: `-- migrate:up
DO $$ BEGIN
  ${HOLDS};
  PERFORM pg_sleep(seconds) FROM pace;
END $$;
ALTER TABLE orders ADD COLUMN weight int;
-- migrate:down
ALTER TABLE orders DROP COLUMN weight;
`,
  half: `-- migrate:up transaction:false
DO $$ BEGIN
  ALTER TABLE orders ADD COLUMN height int;
  COMMIT;
  ${HOLDS};
  PERFORM pg_sleep(seconds) FROM pace;
END $$;
-- migrate:down
ALTER TABLE orders DROP COLUMN height;
`,
};

let images: Images;
let world: World;
let orders: Orders;
beforeAll(async () => {
  images = imagesOf([], RELEASES);
  world = await startWorld({ rate: 60, patience: 30, images: images.file });
  orders = startOrders(world.url, 60);
  await world.query(
    'CREATE TABLE pace (seconds int); INSERT INTO pace VALUES (600); GRANT SELECT ON pace TO PUBLIC',
  );
});
afterAll(async () => {
  await orders?.stop();
  await world?.close();
  rmSync(images.folder, { recursive: true, force: true });
});
afterEach(async () => {
  await world.configure({});
  await world.rest();
});

const watched = (retries: number) =>
  world.configure({
    migrations: {
      ...world.settings.migrations,
      watch: { warnSeconds: 1, blockedSessions: 1, blockedSeconds: 2, retries, retrySeconds: 4 },
    },
  });

/** What the looks at the migrations of a deployment have said. */
const looksOf = async (deployment: string) =>
  (await world.journal(deployment))
    .filter(({ step }) => step === 'CheckMigration')
    .map(({ result }) => result as { status: string; cause: string; watched?: { blocked: number } });

/** Nobody waits for a lock, and no session of a migration is left. */
async function expectNobodyWaits(): Promise<void> {
  const [left] = await world.query(
    "SELECT (SELECT count(*)::int FROM pg_locks WHERE NOT granted) AS waiting, (SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE 'greenlight-%' AND application_name <> 'greenlight-look') AS migrating",
  );
  expect(left).toEqual({ waiting: 0, migrating: 0 });
}
const columns = async () =>
  (
    await world.query<{ name: string }>(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'orders'",
    )
  ).map(({ name }) => name);

it('tries a migration again that was cancelled for the sake of users, and loses no order behind it', async () => {
  await watched(2);
  const lost = [world.load.lost(), orders.failed()];
  const execution = await world.start(
    { service: 'shop', image: 'shop:holding', reason: 'a test', requestedBy: 'a test', ...quick },
    'release-holding',
  );
  const end = world.ended(execution);
  const first = await Promise.race([
    until(async () =>
      (await looksOf('release-holding')).find(({ cause }) => cause.includes('it is cancelled')),
    ),
    end.then(({ outcome, cause }) => {
      throw new Error(`${outcome}: ${cause}`);
    }),
  ]);
  expect(first.cause).toMatch(
    /it is cancelled: \d+ sessions \(shop v1.*\) have waited behind it for more than 2 s, the longest for \d+ s, and more than 1 may not/,
  );
  expect(first.watched?.blocked).toBeGreaterThan(1);
  await world.query('UPDATE pace SET seconds = 0');
  const ended = await end;
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
  expect((await looksOf('release-holding')).map(({ status }) => status)).toContain('again');
  expect(ended.path.filter((state) => state === 'StartMigration')).toHaveLength(2);
  expect(await columns()).toContain('weight');
  expect(
    world.cloud.services.events.recent().filter((one) => JSON.stringify(one).includes('MigrationCancelled')),
  ).not.toEqual([]);
  await expectNobodyWaits();
  expect([world.load.lost(), orders.failed()]).toEqual(lost);
  expect(await orders.missing(world)).toEqual([]);
});

it('takes a release back whose migration may be tried no more, and leaves the schema as it was', async () => {
  await world.query(
    "DELETE FROM schema_migrations WHERE version = '20270101000000'; ALTER TABLE orders DROP COLUMN IF EXISTS weight; UPDATE pace SET seconds = 600",
  );
  await watched(1);
  const [before, schema] = [await servingNow(world), await world.schema()];
  const lost = [world.load.lost(), orders.failed()];
  const ended = await world.deploy({ image: 'shop:holding', ...quick });
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.anything()]);
  expect(ended.cause).toMatch(/the migration was cancelled: .*; it is not tried again: it was tried 2 times/);
  expect([await servingNow(world), await world.schema()]).toEqual([before, schema]);
  await expectNobodyWaits();
  expect([world.load.lost(), orders.failed()]).toEqual(lost);
});

it('does not try one again that stands in part', async () => {
  await world.query('UPDATE pace SET seconds = 600');
  await watched(2);
  const ended = await world.deploy({ image: 'shop:half', ...quick });
  expect(ended.cause).toMatch(
    /it is not tried again: the schema has changed, and parts of 20270101000000 may stand, which run outside of a transaction/,
  );
  expect(ended.path.filter((state) => state === 'StartMigration')).toHaveLength(1);
  await expectNobodyWaits();
});
