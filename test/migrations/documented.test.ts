import { join } from 'node:path';
import type { Client } from 'pg';
import { pendingOf } from '../../src/domain/migrations/pending';
import { migrationTools } from '../../src/migrations';
import { manifestOf } from '../../src/migrations/manifest';
import { openProject } from '../../src/migrations/project';
import { type Connection, type Server, startServer } from './server';

beforeAll(() => migrationTools.liquibase.load?.());

/** Tools that cannot be run here: their history tables are made and filled as their documentation says. */
let server: Server;
let connection: Connection;
let session: Client;
beforeAll(async () => {
  server = await startServer();
  connection = await server.createDatabase('documented');
  session = await server.connect(connection);
});
afterAll(async () => {
  await session?.end();
  await server?.close();
});
afterEach(() => session.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));

async function planOf(name: 'diesel' | 'flyway' | 'efcore' | 'golang-migrate') {
  const tool = migrationTools[name];
  const manifest = manifestOf(openProject(join(__dirname, 'projects', name)), tool);
  const { pending, problems } = pendingOf(manifest, await tool.history(session), tool);
  return {
    pending: pending.map(({ id }) => id),
    problems: problems.map(({ kind, remedy }) => [kind, remedy]),
  };
}

/**
 * The advisory lock's key of "public"."flyway_schema_history". Not only computed as Flyway's source says
 * (`PostgreSQLAdvisoryLockTemplate`), but as another project that works beside Flyway has it in its own test
 * (https://github.com/pausan/gofly, TestPostgresHistoryLockKeyMatchesFlyway).
 */
const KEY_OF_PUBLIC = 77433833903597n;

/** A second session that holds something while the work is done. */
async function holding<Result>(statement: string, work: () => Promise<Result>): Promise<Result> {
  const other = await server.connect(connection);
  try {
    await other.query(`BEGIN; ${statement}`);
    return await work();
  } finally {
    await other.end();
  }
}

describe('Flyway, by its documented history table', () => {
  const row = (values: string) =>
    session.query(
      `INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, success)
       VALUES ${values}`,
    );
  beforeEach(() =>
    session.query(`CREATE TABLE flyway_schema_history (
      installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL,
      script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL DEFAULT 'shop',
      installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL DEFAULT 1, success boolean NOT NULL)`),
  );
  const checksum = (file: string) =>
    migrationTools.flyway
      .list(openProject(join(__dirname, 'projects', 'flyway')))
      .find((migration) => migration.file === `sql/${file}`)!.checksum;

  it('reads versions in every spelling, and a checksum over the lines', async () => {
    await row(`(1, '1', 'accounts', 'SQL', 'V1__accounts.sql', ${checksum('V1__accounts.sql')}, true),
               (2, '2.1.0', 'email', 'SQL', 'V2_1__email.sql', ${checksum('V2_1__email.sql')}, true)`);
    expect(await planOf('flyway')).toEqual({ pending: ['10'], problems: [] });
  });

  it('tells an edited script and one that failed', async () => {
    await row(`(1, '1', 'accounts', 'SQL', 'V1__accounts.sql', 4711, true),
               (2, '2.1', 'email', 'SQL', 'V2_1__email.sql', ${checksum('V2_1__email.sql')}, false)`);
    expect((await planOf('flyway')).problems).toEqual([
      ['unfinished', 'undo what version 2.1 left, then run flyway repair'],
      ['edited', expect.stringContaining('restore sql/V1__accounts.sql')],
    ]);
  });

  it('takes an undone version for pending, and everything up to a baseline for applied', async () => {
    await row(`(1, '2', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, true),
               (2, '2.1', 'email', 'SQL', 'V2_1__email.sql', ${checksum('V2_1__email.sql')}, true),
               (3, '2.1', 'email', 'UNDO_SQL', 'U2_1__email.sql', 1, true)`);
    expect(await planOf('flyway')).toEqual({ pending: ['2.1', '10'], problems: [] });
  });

  it('is reported as locked while somebody holds the key of its history table', async () => {
    const plan = await holding(`SELECT pg_advisory_xact_lock(${KEY_OF_PUBLIC})`, () => planOf('flyway'));
    expect(plan.problems).toEqual([['locked', expect.stringMatching(/^wait until backend \d+ ends/)]]);
    expect((await planOf('flyway')).problems).toEqual([]);
  });

  it('refuses a version below the newest, as Flyway does', async () => {
    await row(`(1, '1', 'accounts', 'SQL', 'V1__accounts.sql', ${checksum('V1__accounts.sql')}, true),
               (2, '10', 'index', 'SQL', 'V10__email_index.sql', ${checksum('V10__email_index.sql')}, true)`);
    expect((await planOf('flyway')).problems).toEqual([['late', expect.stringContaining('outOfOrder')]]);
  });
});

describe('Entity Framework Core, by its documented history table', () => {
  beforeEach(() =>
    session.query(`CREATE TABLE "__EFMigrationsHistory" (
      "MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL);
      INSERT INTO "__EFMigrationsHistory" VALUES ('20260101000000_Accounts', '9.0.0')`),
  );

  it('has pending what is not recorded', async () => {
    expect(await planOf('efcore')).toEqual({
      pending: ['20260102000000_Email', '20260103000000_EmailIndex'],
      problems: [],
    });
  });

  it('is reported as locked, and not waited for, while a migration holds the table', async () => {
    const plan = await holding('LOCK TABLE "__EFMigrationsHistory" IN ACCESS EXCLUSIVE MODE', () =>
      planOf('efcore'),
    );
    expect(plan.problems).toEqual([['locked', expect.stringMatching(/^wait until backend \d+ ends/)]]);
  });
});

describe('golang-migrate, by its documented history table', () => {
  const at = (version: number, dirty: boolean) =>
    session.query(
      `CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
       INSERT INTO schema_migrations VALUES (${version}, ${dirty})`,
    );

  it('has applied everything up to its one version', async () => {
    await at(2, false);
    expect(await planOf('golang-migrate')).toEqual({ pending: ['10'], problems: [] });
  });

  it('is refused when that version is dirty', async () => {
    await at(2, true);
    expect((await planOf('golang-migrate')).problems).toEqual([
      ['unfinished', expect.stringContaining('migrate force 2')],
    ]);
  });
});

it('Diesel records the number of a folder, without its dashes', async () => {
  await session.query(`CREATE TABLE __diesel_schema_migrations (
      version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
    INSERT INTO __diesel_schema_migrations VALUES ('20260101000000'), ('20260102000000')`);
  expect(await planOf('diesel')).toEqual({ pending: ['20260103000000'], problems: [] });
  const [, , index] = migrationTools.diesel.list(openProject(join(__dirname, 'projects', 'diesel')));
  expect(index).toMatchObject({ transactional: false, down: expect.stringMatching(/^DROP INDEX/) });
});

it('gives the SQL of the script that Entity Framework printed, without its bookkeeping, at its own lines', () => {
  const project = openProject(join(__dirname, 'projects', 'efcore'));
  const [accounts, email, index] = migrationTools.efcore.list(project);
  expect([accounts!.transactional, index!.transactional]).toEqual([true, false]);
  for (const { up } of [accounts!, email!, index!]) expect(up).not.toMatch(/EFMigrationsHistory|TRANSACTION/);
  const line = email!.up!.split('\n').findIndex((text) => text.startsWith('ALTER TABLE'));
  expect(project.read(email!.file).split('\n')[email!.firstLine - 1 + line]).toBe(
    'ALTER TABLE accounts ADD email text;',
  );
});
