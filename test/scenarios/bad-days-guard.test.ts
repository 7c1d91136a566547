import { rmSync } from 'node:fs';
import { migrationTools } from '../../src/migrations';
import { manifestOf } from '../../src/migrations/manifest';
import { openProject } from '../../src/migrations/project';
import { isInstalled, succeed } from '../migrations/command';
import { realTools } from '../migrations/real-tools';
import { bundled, type Images, imagesOf } from './bad-days/images';
import { type Orders, startOrders } from './orders';
import { servingNow } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(300_000);

/** A program of Java, which reads neither PGOPTIONS nor PGAPPNAME. */
const liquibase = realTools.find(({ name }) => name === 'liquibase')!;
const tool = migrationTools.liquibase;
/** Of the journal, when something was cancelled from outside. */
const CANCELLED = (table: string) =>
  new RegExp(`cancelled, because everybody waits behind it: .*, which waited for ${table} for \\d+ s`);
const UNREACHED = /lock_timeout in PGOPTIONS does not reach it either/;

const ALTERS = 'ALTER TABLE orders ADD COLUMN weight int';

/** What the journal holds of a deployment. */
const toldIn = async (world: World, deployment: string) =>
  (await world.journal(deployment)).map((row) => JSON.stringify(row)).join('\n');

let images: Images;
let world: World;
let orders: Orders;
const played = isInstalled(liquibase.program) ? describe : describe.skip;

played('a tool that lock_timeout does not reach', () => {
  beforeAll(async () => {
    const held = {
      ...liquibase,
      slow: () => ({
        'db/changelog.xml': (before: string) =>
          before.replace(
            '</databaseChangeLog>',
            `<changeSet id="held" author="shop"><sql>${ALTERS}</sql></changeSet></databaseChangeLog>`,
          ),
      }),
    };
    images = imagesOf([held]);
    world = await startWorld({ rate: 60, patience: 30, images: images.file });
    orders = startOrders(world.url, 30);
    await bundled(world, images, 'liquibase');
    const base = images.baseOf('liquibase');
    await succeed(
      [tool.apply(manifestOf(openProject(base), tool).migrations)],
      base,
      await world.connection(),
    );
    await world.configure({
      migrations: {
        ...world.settings.migrations,
        tool: 'liquibase',
        command: ['node', 'with-database.mjs', ...tool.apply([])],
        contractCommand: [],
        revertCommand: [],
      },
    });
  });
  afterAll(async () => {
    await orders?.stop();
    await world?.close();
    rmSync(images.folder, { recursive: true, force: true });
  });

  it('gives way all the same to a transaction that holds the table, and nobody is lost behind it', async () => {
    const before = await servingNow(world);
    const lost = [world.load.lost(), orders.failed()];
    const letGo = await world.holdLock('orders', 'pg_dump');
    const ended = await world.deploy({ image: 'shop:liquibase', ...quick });
    await letGo();
    expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('pg_dump')]);
    const told = await toldIn(world, ended.name);
    expect(told).toMatch(UNREACHED);
    expect(told).toMatch(CANCELLED('orders'));
    expect(await servingNow(world)).toEqual(before);
    expect([world.load.lost(), orders.failed()]).toEqual(lost);
    expect(await orders.missing(world)).toEqual([]);
  });
});

/** The shop's own tool, for which the environment is empty of what libpq reads. */
const UNREAD = ['env', '-u', 'PGOPTIONS', '-u', 'PGAPPNAME'];

describe('the other commands of such a tool', () => {
  let world: World;
  let orders: Orders;
  beforeAll(async () => {
    world = await startWorld({ rate: 60, patience: 30 });
    orders = startOrders(world.url, 30);
    const { migrations } = world.settings;
    await world.configure({
      migrations: {
        ...migrations,
        contractCommand: [...UNREAD, ...migrations.contractCommand],
        revertCommand: [...UNREAD, ...migrations.revertCommand],
      },
    });
  });
  afterAll(async () => {
    await orders?.stop();
    await world?.close();
  });

  it.each([
    ['down scripts', 'shop:v4', 'RevertMigration', 'products', /reverting the migration failed/],
    ['contract migrations', 'shop:v7', 'StartGreen', 'orders', /the contract migrations failed/],
  ])(
    '%s give way to a transaction that holds their table, and nobody is lost behind it',
    async (_what, image, state, table, cause) => {
      const lost = [world.load.lost(), orders.failed()];
      const execution = await world.start({ service: 'shop', reason: 'a test', image, ...quick });
      await world.entered(execution, state);
      const letGo = await world.holdLock(table, 'report');
      const ended = await world.ended(execution);
      await letGo();
      expect([ended.outcome, ended.cause]).toEqual(['NeedsOperator', expect.stringMatching(cause)]);
      expect(ended.cause).toMatch(
        new RegExp(`hold locks: report for \\d+ s \\(${table}\\); end them or wait`),
      );
      const told = await toldIn(world, ended.name);
      expect(told).toMatch(UNREACHED);
      expect(told).toMatch(CANCELLED(table));
      expect([world.load.lost(), orders.failed()]).toEqual(lost);
      expect(await orders.missing(world)).toEqual([]);
      await world.rest();
    },
  );
});
