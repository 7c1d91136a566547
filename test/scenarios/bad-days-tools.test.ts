import { rmSync } from 'node:fs';
import { pendingOf } from '../../src/domain/migrations/pending';
import { migrationTools } from '../../src/migrations';
import { manifestOf } from '../../src/migrations/manifest';
import { openProject } from '../../src/migrations/project';
import { isInstalled, succeed } from '../migrations/command';
import { type RealTool, realTools } from '../migrations/real-tools';
import { type Backend, interrupted, killTask } from './bad-days/day';
import { bundled, type Images, imagesOf } from './bad-days/images';
import { type Recorder, startRecorder } from './bad-days/recorder';
import { type Orders, startOrders } from './orders';
import { servingNow } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(300_000);

const here = realTools.filter(({ name, program }) => name !== 'dbmate' && isInstalled(program));

let images: Images;
let world: World;
let orders: Orders;
let recorder: Recorder;
beforeAll(async () => {
  images = imagesOf(here);
  world = await startWorld({ rate: 60, patience: 10, images: images.file });
  orders = startOrders(world.url, 30);
  recorder = startRecorder(world);
  await world.query('CREATE TABLE pace AS SELECT 20 AS seconds');
});
afterAll(async () => {
  await recorder?.stop();
  await orders?.stop();
  await world?.close();
  rmSync(images.folder, { recursive: true, force: true });
});

describe.each(here)('$name', (real) => {
  const tool = migrationTools[real.name];
  const image = `shop:${real.name}`;

  beforeAll(async () => {
    await tool.load?.();
    await bundled(world, images, real.name);
    const { migrations } = manifestOf(openProject(images.projectOf(real.name)), tool);
    await world.configure({
      migrations: {
        ...world.settings.migrations,
        tool: real.name,
        opaque: 'allow',
        command: ['node', 'with-database.mjs', ...tool.apply(migrations.slice(-1))],
        contractCommand: [],
        revertCommand: [],
      },
    });
  });
  beforeEach(async () => {
    await world.query('UPDATE pace SET seconds = 20');
    if (real.adopt) await world.query(real.adopt);
    const base = images.baseOf(real.name);
    const { migrations } = manifestOf(openProject(base), tool);
    await succeed([tool.apply(migrations)], base, await world.connection());
  });
  afterEach(async () => {
    const tables = ['accounts', 'slow', ...tool.tables].map((name) => `"${name}"`);
    await world.query('DROP SCHEMA IF EXISTS drizzle, graphile_migrate CASCADE');
    await world.query(
      `DROP TABLE IF EXISTS ${tables.filter((name) => !name.includes('_seq')).join(', ')} CASCADE`,
    );
  });

  /** What the tool's history says now, as the next deployment will read it. */
  const problems = () =>
    world.inSession(async (session) => {
      const project = openProject(images.projectOf(real.name));
      return pendingOf(manifestOf(project, tool), await tool.history(session), tool).problems;
    });
  const unlock = async ({ unlock, unlockSql }: NonNullable<RealTool['killed']>) =>
    unlockSql
      ? void (await world.query(unlockSql))
      : succeed([unlock], images.projectOf(real.name), await world.connection());

  /** The previous version serves, the slow migration has left no table, and every order that was acknowledged is there. */
  async function expectTurnedBack(ended: { outcome: string; cause: string }) {
    expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('schema as before')]);
    expect(await world.query("SELECT to_regclass('slow') AS slow")).toEqual([{ slow: null }]);
    expect(await orders.missing(world)).toEqual([]);
    for (const { remedy } of await problems()) expect(ended.cause).toContain(remedy);
  }

  it('killed in the middle, rolls back and says what stands in the way of the next run, which then succeeds', async () => {
    const before = await servingNow(world);
    const lost = [world.load.lost(), orders.failed()];
    const ended = await interrupted(world, { image }, 'pg_sleep', killTask(world));
    await expectTurnedBack(ended);
    expect(await servingNow(world)).toEqual(before);
    expect(await world.lockHolder()).toBeUndefined();
    expect(await world.migrationTasks()).toBe(0);
    expect([world.load.lost(), orders.failed()]).toEqual(lost);
    expect((await problems()).map(({ kind }) => kind)).toEqual(real.killed ? [real.killed.problem] : []);

    await world.query('UPDATE pace SET seconds = 0');
    if (real.killed) {
      const refused = await world.deploy({ image, ...quick });
      expect([refused.outcome, refused.cause]).toEqual([
        'DeploymentRejected',
        expect.stringContaining(real.killed.unlock.join(' ')),
      ]);
      await unlock(real.killed);
    }
    const again = await world.deploy({ image, ...quick, strategy: 'ALL_AT_ONCE' });
    expect(again).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
    const lock_timeout = real.guarded === false ? '0' : '5s';
    expect(await world.query('SELECT * FROM slow')).toEqual([{ lock_timeout }]);
    expect(recorder.together()).toEqual([]);
    expect(await orders.missing(world)).toEqual([]);
  });

  it.each<[string, (backend: Backend) => unknown]>([
    ['the database server is killed', () => world.crashDatabase()],
  ])('rolls back when %s', async (_, strike) => {
    const ended = await interrupted(world, { image }, 'pg_sleep', strike);
    await expectTurnedBack(ended);
    if (real.killed && (await problems()).length > 0) await unlock(real.killed);
    expect(await problems()).toEqual([]);
    expect(recorder.together()).toEqual([]);
  });
});
