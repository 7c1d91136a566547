import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Client } from 'pg';
import { type Processes, startProcesses } from '../../local/processes';
import type { Told } from '../../src/cli/attempts/told';
import type { Attempt, Verdict } from '../../src/domain/attempts/attempt';
import type { ToolName } from '../../src/domain/migrations/types';
import { projectWith, runProcess } from '../cli/project';
import { isPresent, type Server, startServer } from '../domain/migrations/servers';
import { isInstalled, TOOLS } from '../migrations/command';
import { realTools } from '../migrations/real-tools';

// tools start some forty times each
jest.setTimeout(1_800_000);

const PROJECTS = join(__dirname, '..', 'migrations', 'projects');
const COMMAND = join(__dirname, '..', '..', 'bin', 'greenlight.js');

const scratch = mkdtempSync(join(tmpdir(), 'greenlight-trying-test-'));
// the server's user has to get through
chmodSync(scratch, 0o711);
let processes: Processes;
let server: Server;
let admin: Client;
beforeAll(async () => {
  processes = await startProcesses();
  server = await startServer(processes, 18);
  admin = await server.connect('postgres');
});
afterAll(async () => {
  await admin?.end();
  await processes?.close();
  rmSync(scratch, { recursive: true, force: true });
});

const only = (...attempts: Attempt[]) => attempts.flatMap((one) => ['--only', one]);
const told = (folder: string, ...options: string[]) => {
  const { code, out, problems } = runProcess(folder, 'try', '--json', ...options);
  if (out === '') throw new Error(problems);
  return { code, ...(JSON.parse(out) as Told) };
};
const failures = ({ results }: Told) => results.filter(({ verdict }) => verdict === 'fails');

describe('the real tools', () => {
  /** How the projects of tests that insist on TLS are told of a database: as RDS is reached. */
  const AS_ON_RDS = 'DATABASE_URL="${DATABASE_URL%%\\?*}?sslmode=verify-full&sslrootcert=$PGSSLROOTCERT"';
  const three = (verdict: Verdict) => [verdict, verdict, verdict];

  interface Expected {
    /** Commands, where the project's way to the database is not the usual one. */
    command?: string;
    revert?: string;
    /** What is seen of each of the three migrations of the project. */
    killed: Verdict[];
    twice: Verdict[];
    back: Verdict[];
  }

  const expected: Partial<Record<ToolName, Expected>> = {
    // its lock makes the second run wait; what it has begun wants a person
    prisma: {
      command: 'prisma migrate deploy',
      killed: three('warns'),
      twice: three('ok'),
      back: three('undone'),
    },
    // the third runs in no transaction
    dbmate: { killed: ['ok', 'ok', 'fails'], twice: three('warns'), back: three('ok') },
    'node-pg-migrate': { killed: three('ok'), twice: three('warns'), back: three('ok') },
    knex: { killed: ['ok', 'ok', 'fails'], twice: ['ok', 'ok', 'warns'], back: three('ok') },
    typeorm: { killed: three('ok'), twice: three('warns'), back: three('ok') },
    'mikro-orm': {
      command: 'mikro-orm migration:up',
      revert: 'mikro-orm migration:down --only {oldest}',
      killed: three('ok'),
      twice: three('warns'),
      back: three('ok'),
    },
    kysely: { killed: three('ok'), twice: three('ok'), back: three('ok') },
    sequelize: {
      command: 'sequelize-cli db:migrate',
      revert: 'sequelize-cli db:migrate:undo --name {oldest}',
      // nothing of it runs in a transaction
      killed: three('fails'),
      twice: three('warns'),
      back: three('ok'),
    },
    'graphile-migrate': { killed: ['ok', 'ok', 'fails'], twice: three('warns'), back: three('undone') },
    drizzle: {
      command: 'drizzle-kit migrate',
      killed: three('ok'),
      twice: three('warns'),
      back: three('undone'),
    },
  };

  /** A project of a tool, with a fourth migration that only a table without rows lets pass. */
  function projectOf(name: ToolName): string {
    const folder = mkdtempSync(join(scratch, 'project-'));
    cpSync(join(PROJECTS, name), folder, { recursive: true });
    symlinkSync(TOOLS, join(folder, 'node_modules'));
    const must = '0); ALTER TABLE accounts ADD COLUMN must text NOT NULL; SELECT abs(0';
    for (const [file, content] of Object.entries(realTools.find((one) => one.name === name)!.slow(must))) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
      writeFileSync(path, typeof content === 'string' ? content : content(before));
    }
    return folder;
  }

  const all = realTools.flatMap(({ name, program }) => {
    const own = expected[name];
    return own && isInstalled(program) ? [{ name, ...own }] : [];
  });

  it('are all that can be installed from a registry of packages for Node.js', () =>
    expect(all).toHaveLength(Object.keys(expected).length));

  it.each(all)(
    '$name is run as it is, and what only an empty table lets pass is found with its file',
    (tool) => {
      const { name, command, revert, killed, twice, back } = tool;
      const options = command === undefined ? [] : ['--command', `${AS_ON_RDS} ${command}`];
      const found = told(
        projectOf(name),
        ...options,
        ...(revert === undefined ? [] : ['--revert-command', `${AS_ON_RDS} ${revert}`]),
      );
      const verdicts = (attempt: Attempt) =>
        found.migrations.map(
          ({ id }) => found.results.find((one) => one.attempt === attempt && one.migration === id)?.verdict,
        );
      expect({
        fresh: verdicts('fresh'),
        again: verdicts('again'),
        incremental: verdicts('incremental'),
        rollback: verdicts('rollback').slice(0, 3),
        interrupted: verdicts('interrupted').slice(0, 3),
        'two-at-once': verdicts('two-at-once').slice(0, 3),
      }).toEqual({
        fresh: [...three('ok'), 'ok'],
        again: [...three('ok'), 'ok'],
        incremental: [...three('ok'), 'fails'],
        rollback: back,
        interrupted: killed,
        'two-at-once': twice,
      });
      const [must] = failures(found).filter(({ attempt }) => attempt === 'incremental');
      expect(must).toMatchObject({ file: found.migrations[3]!.file, remedy: expect.any(String) });
      expect(found.withoutRows).toEqual([]);
    },
  );
});

it('finds that a second run inserts again, and which file does', () => {
  const folder = projectWith({
    'sql/001_roles.sql': 'CREATE TABLE IF NOT EXISTS roles (name text);',
    'sql/002_admin.sql': "INSERT INTO roles VALUES ('admin');",
    'run.js': `const { readdirSync, readFileSync } = require('node:fs');
      const { Client } = require('pg');
      const client = new Client({ connectionString: process.env.DATABASE_URL });
      (async () => {
        await client.connect();
        for (const file of readdirSync('sql').sort()) await client.query(readFileSync('sql/' + file, 'utf8'));
        await client.end();
      })();`,
  });
  symlinkSync(join(__dirname, '..', '..', 'node_modules'), join(folder, 'node_modules'));
  const found = told(folder, '--command', 'node run.js', ...only('again'));
  expect([found.code, failures(found)]).toEqual([
    1,
    [
      expect.objectContaining({
        message: expect.stringMatching(
          /public\.roles had 1 row and has 2 rows.*sql\/002_admin\.sql writes there/,
        ),
        remedy: expect.stringContaining('ON CONFLICT DO NOTHING'),
      }),
    ],
  ]);
});

it('finds what two runs at once damage where nothing keeps them apart', () => {
  const folder = projectWith({
    'sql/001_roles.sql': 'CREATE TABLE roles (id int PRIMARY KEY, name text);',
    'sql/002_admin.sql': `CREATE TABLE IF NOT EXISTS granted (name text);
      INSERT INTO granted VALUES ('admin');
      CREATE INDEX CONCURRENTLY IF NOT EXISTS granted_name ON granted (name);`,
  });
  expect(failures(told(folder, ...only('two-at-once')))).toEqual([
    expect.objectContaining({
      file: 'sql/002_admin.sql',
      message: expect.stringMatching(/make another database than one: .*granted/),
    }),
  ]);
});

it('rolls a release back since a ref as one, on the schema of the release before', () => {
  const folder = projectWith({
    'sql/001_a.sql': 'CREATE TABLE a (id int PRIMARY KEY);',
    'sql/001_a.down.sql': 'DROP TABLE a;',
  });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { cwd: folder });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'a');
  writeFileSync(join(folder, 'sql/002_b.sql'), 'ALTER TABLE a ADD COLUMN b int;');
  writeFileSync(join(folder, 'sql/002_b.down.sql'), 'ALTER TABLE a DROP COLUMN b;');
  writeFileSync(join(folder, 'sql/003_c.sql'), 'DELETE FROM a;');
  writeFileSync(join(folder, 'sql/003_c.down.sql'), 'SELECT 1;');
  const found = told(folder, '--since', 'HEAD', ...only('incremental', 'rollback'));
  expect(found.results.map(({ attempt, migration, verdict }) => [attempt, migration, verdict])).toEqual([
    ['incremental', '002_b', 'ok'],
    ['incremental', '003_c', 'ok'],
    // what is wrong is said once, of the newest
    ['rollback', '003_c', 'fails'],
  ]);
  expect(failures(found)[0]!.message).toContain('public.a had 4 rows and has 0 rows');
});

describe('a database of the user', () => {
  const urlOf = (name: string) => `postgres://postgres@127.0.0.1:${admin.port}/${name}`;
  const databases = async () =>
    (await admin.query<{ name: string }>('SELECT datname AS name FROM pg_database ORDER BY 1')).rows.map(
      ({ name }) => name,
    );

  it('that is not empty is refused and left as it is', async () => {
    await admin.query('CREATE DATABASE used');
    const used = await server.connect('used');
    await used.query('CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
    const before = await databases();
    const folder = projectWith({ 'sql/001_kept.sql': 'DROP TABLE IF EXISTS kept;' });
    const { code, problems } = runProcess(folder, 'try', '--database', urlOf('used'));
    expect([code, problems]).toEqual([
      1,
      expect.stringMatching(/used is not empty: it has the table public\.kept/),
    ]);
    expect((await used.query('SELECT * FROM kept')).rows).toEqual([{ id: 1 }]);
    expect(await databases()).toEqual(before);
    await used.end();
  });

  it('that is empty is left so, with the databases and roles beside it removed', async () => {
    await admin.query('CREATE DATABASE vacant');
    const before = await databases();
    const folder = projectWith({
      'sql/001_a.sql':
        'CREATE ROLE made_by_migration; CREATE TABLE a (id int PRIMARY KEY); GRANT SELECT ON a TO made_by_migration;',
      'sql/001_a.down.sql': 'DROP TABLE a; DROP ROLE made_by_migration;',
    });
    const { code, results } = told(
      folder,
      '--database',
      urlOf('vacant'),
      ...only('fresh', 'incremental', 'rollback'),
    );
    expect([code, results.map(({ verdict }) => verdict)]).toEqual([0, ['ok', 'ok', 'ok']]);
    expect(await databases()).toEqual(before);
    const roles = await admin.query("SELECT FROM pg_roles WHERE rolname = 'made_by_migration'");
    expect(roles.rows).toEqual([]);
  });

  it('is surveyed without a value of it, and its volume is what statements are measured on', async () => {
    await admin.query('CREATE DATABASE production');
    const production = await server.connect('production');
    await production.query(`
      CREATE TABLE orders (id int PRIMARY KEY, email text DEFAULT 'planted-default' CHECK (email <> 'planted-check'), note text);
      INSERT INTO orders SELECT n, 'planted-value', CASE WHEN n % 4 = 0 THEN 'planted-note' END FROM generate_series(1, 3000) n;
      ANALYZE;
      CREATE TABLE unseen (id int)`);
    await production.end();
    const file = join(scratch, 'survey.json');
    const survey = runProcess(scratch, 'survey', '--database', urlOf('production'), '--out', file);
    expect([survey.code, survey.problems]).toEqual([0, expect.stringContaining('never analysed')]);
    expect(readFileSync(file, 'utf8') + survey.problems).not.toContain('planted');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      version: 1,
      tables: { 'public.orders': { rows: 3000, columns: { note: { nullFraction: 0.75 } } } },
      unknown: ['public.unseen'],
    });
    const folder = projectWith({
      'sql/001_orders.sql': 'CREATE TABLE orders (id int PRIMARY KEY, email text, note text);',
      'sql/002_rule.sql':
        "ALTER TABLE orders ADD CHECK (email <> 'x');\nUPDATE orders SET note = email WHERE note IS NULL;",
    });
    const { statements, code } = told(folder, '--survey', file, ...only('volume'));
    expect(code).toBe(0);
    expect(statements.filter((one) => one.file.includes('002'))).toEqual([
      expect.objectContaining({
        kind: 'ALTER TABLE',
        locks: [{ relation: 'public.orders', mode: 'AccessExclusiveLock' }],
      }),
      expect.objectContaining({ kind: 'UPDATE', about: ['public.orders'] }),
    ]);
    for (const { ms } of statements) expect(ms).toBeGreaterThan(0);
  });
});

(isPresent(15) ? it : it.skip)(
  'runs on the major version that is asked for, where the project has it',
  () => {
    const folder = projectWith({ 'sql/001_a.sql': 'CREATE TABLE a (id int PRIMARY KEY);' });
    symlinkSync(TOOLS, join(folder, 'node_modules'));
    const { major, code } = told(folder, '--postgres', '15', ...only('fresh', 'incremental'));
    expect([code, major]).toEqual([0, 15]);
    const none = runProcess(projectWith({ 'sql/001_a.sql': 'SELECT 1;' }), 'try', '--postgres', '12');
    expect([none.code, none.problems]).toEqual([
      1,
      expect.stringMatching(/no PostgreSQL 12 here, but 18; npm install/),
    ]);
  },
);

it('leaves nothing behind when somebody stops it', async () => {
  const place = mkdtempSync(join(scratch, 'stopped-'));
  chmodSync(place, 0o711);
  const folder = projectWith({ 'sql/001_a.sql': 'CREATE TABLE a (id int); SELECT pg_sleep(600);' });
  const child = spawn(process.execPath, [COMMAND, 'try', folder], {
    env: { ...process.env, TMPDIR: place },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
    if (text.includes('fresh:')) child.kill('SIGINT');
  });
  expect([...(await once(child, 'exit')), said]).toEqual([
    130,
    null,
    expect.stringContaining('stopped by SIGINT'),
  ]);
  expect(readdirSync(place)).toEqual([]);
});
