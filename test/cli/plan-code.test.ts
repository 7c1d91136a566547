import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Client } from 'pg';
import { filesOf } from '../../src/cli/migration-files';
import type { WrittenFile } from '../../src/cli/migration-files/file';
import type { Stage } from '../../src/domain/migrations/staged';
import type { ToolName } from '../../src/domain/migrations/types';
import { migrationTools } from '../../src/migrations';
import { openProject } from '../../src/migrations/project';
import { isInstalled, succeed, TOOLS } from '../migrations/command';
import { type Connection, type Server, startServer } from '../migrations/server';
import { migration, projectWith, run } from './project';

const ORDERS = 'CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(40) NOT NULL);';
const START = new Date('2026-11-21T10:00:00Z');

let stages: Stage[];
let folder: string;
beforeAll(async () => {
  const shop = projectWith({
    'db/1_orders.sql': migration(ORDERS),
    'db/2_rename.sql': migration('ALTER TABLE orders RENAME COLUMN note TO remark;'),
  });
  const [planned] = JSON.parse((await run('plan', shop, '--json')).out);
  stages = planned.plans[0].stages;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-plan-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A project of the tool's as the contract suite has it, and the planned files for it. */
function written(tool: ToolName): WrittenFile[] {
  cpSync(join(__dirname, '../migrations/projects', tool), folder, { recursive: true });
  return filesOf(tool, stages, START, openProject(folder));
}

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

describe('Entity Framework Core', () => {
  const read = (part: string) => written('efcore').find(({ path }) => path.includes(part))!;

  it('gets one class for each stage, with its context, in the order of the times in their names', () => {
    const files = written('efcore');
    for (const { path, text } of files) put(path.replace(/^release-\d/, 'Migrations'), text);
    const ids = migrationTools.efcore.list(openProject(folder)).map(({ id }) => id);
    expect(ids.slice(3)).toEqual(files.map(({ path }) => path.replace(/^.*\/|\.cs$/g, '')));
    expect(read('Expand').text).toMatch(
      /\[DbContext\(typeof\(ShopContext\)\)\]\n\[Migration\("20261121100000_ExpandOrdersRemark"\)\]\npublic class ExpandOrdersRemark : Migration\n/,
    );
  });

  it('runs outside a transaction only what wants none', () => {
    expect(read('Backfill').text).toMatch(/END \$batches\$;", suppressTransaction: true\);/);
    expect(read('Expand').text).not.toContain('suppressTransaction');
  });

  it('keeps a text in double quotes, and refuses to take back what cannot be', () => {
    const stage = { ...stages[0]!, name: 'drop_it', up: 'DROP TABLE "Order"', down: null };
    cpSync(join(__dirname, '../migrations/projects/efcore'), folder, { recursive: true });
    const [{ text }] = filesOf('efcore', [stage], START, openProject(folder)) as [WrittenFile];
    expect(text).toContain('migrationBuilder.Sql(@"DROP TABLE ""Order""");');
    expect(text).toContain('throw new System.NotSupportedException("drop_it cannot be taken back");');
  });
});

it('keeps colons and quotes of SQL in a revision of Alembic, where a colon before a word would be a parameter', () => {
  const stage = { ...stages[0]!, up: `UPDATE a SET b = '{"c":true}'::jsonb, d = e'\\n', f = """g"""` };
  const [{ text }] = filesOf('alembic', [stage], START, openProject(folder)) as [WrittenFile];
  expect(text).toContain(`'{"c"\\\\:true}'::jsonb, d = e'\\\\n', f = \\"\\"\\"g\\"\\"\\"`);
  expect(text).toContain('down_revision = None\n');
});

it('does not choose among several heads of Alembic', () => {
  put('a.py', 'revision = "a"\ndown_revision = None\n');
  put('b.py', 'revision = "b"\ndown_revision = None\n');
  expect(() => filesOf('alembic', stages, START, openProject(folder))).toThrow(
    'alembic has the heads a and b; bring them together with alembic merge first',
  );
});

describe('by the real tool', () => {
  let server: Server;
  let connection: Connection;
  let client: Client;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.close());

  async function withOrders(database: string) {
    connection = await server.createDatabase(database);
    client = await server.connect(connection);
    await client.query(`${ORDERS} INSERT INTO orders SELECT g, 'n' || g FROM generate_series(1, 5000) g`);
  }
  afterEach(() => client?.end());

  const bothVersionsWrite = () =>
    client.query(`INSERT INTO orders (id, note) VALUES (0, 'by the old version');
      INSERT INTO orders (id, remark) VALUES (-1, 'by the new version')`);
  const columns = async () =>
    (
      await client.query<{ attname: string }>(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1",
      )
    ).rows.map(({ attname }) => attname);

  const alembic = isInstalled('alembic') ? it : it.skip;
  alembic('Alembic applies both releases behind its head, and takes the second back', async () => {
    await withOrders('plan_alembic');
    const files = written('alembic');
    const upgrade = [['alembic', 'upgrade', 'heads']];
    await succeed(upgrade, folder, connection);
    const ship = async (release: string) => {
      for (const { path, text } of files.filter((file) => file.path.startsWith(release)))
        put(path.replace(release, 'migrations/versions'), text);
      await succeed(upgrade, folder, connection);
    };
    await ship('release-1');
    await bothVersionsWrite();
    expect((await client.query('SELECT FROM orders WHERE note IS DISTINCT FROM remark')).rowCount).toBe(0);
    await ship('release-2');
    expect(await columns()).toEqual(['id', 'remark']);
    await succeed([['alembic', 'downgrade', '-1']], folder, connection);
    expect(await columns()).toEqual(['id', 'note', 'remark']);
    expect((await client.query('SELECT FROM orders WHERE note = remark')).rowCount).toBe(5002);
  });

  const drizzle = isInstalled('drizzle-kit') ? it : it.skip;
  drizzle('drizzle-kit applies one stage after the other behind its journal', async () => {
    await withOrders('plan_drizzle');
    const files = written('drizzle');
    symlinkSync(TOOLS, join(folder, 'node_modules'));
    const migrate = [['drizzle-kit', 'migrate']];
    await succeed(migrate, folder, connection);
    const ship = async (release: string) => {
      const own = files.filter(({ path }) => path.startsWith(release));
      for (const step of new Set(own.map(({ path }) => path.split('/')[1]!))) {
        for (const { path, text } of own.filter((file) => file.path.startsWith(`${release}/${step}/`))) {
          if (path.endsWith('.psql')) await client.query(text);
          else put(path.replace(`${release}/${step}`, 'drizzle'), text);
        }
        await succeed(migrate, folder, connection);
      }
    };
    await ship('release-1');
    await bothVersionsWrite();
    await ship('release-2');
    expect(await columns()).toEqual(['id', 'remark']);
    expect((await client.query('SELECT FROM orders WHERE remark IS NOT NULL')).rowCount).toBe(5002);
    const { rows } = await client.query('SELECT count(*)::int AS applied FROM drizzle.__drizzle_migrations');
    expect(rows).toEqual([
      { applied: 3 + stages.filter(({ up, transactional }) => up && transactional).length },
    ]);
  });
});
