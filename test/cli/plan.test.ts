import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationTools } from '../../src/migrations';
import { openProject } from '../../src/migrations/project';
import { startServer } from '../postgres/server';
import { migration, projectWith, run, runProcess, write } from './project';

const ORDERS = 'CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(40) NOT NULL);';
const DBMATE = join(__dirname, '../../node_modules/.bin/dbmate');
const shop = {
  'db/1_orders.sql': migration(ORDERS),
  'db/2_rename.sql': migration('ALTER TABLE orders RENAME COLUMN note TO remark;'),
};

test('the releases are printed with their SQL, and what takes them back', () => {
  const { code, out } = runProcess(projectWith(shop), 'plan');
  expect(code).toBe(0);
  expect(out).toMatch(/^db\/2_rename\.sql:2:1 {2}ALTER TABLE orders RENAME COLUMN note TO remark\n/);
  expect(out).toContain('  rename column orders.note to remark\n  release 1\n');
  expect(out).toMatch(/ADD COLUMN remark varchar\(40\);/);
  expect(out.match(/^ {2}release \d/gm)).toEqual(['  release 1', '  release 2']);
  expect(out).toContain('back:\n');
});

test('where nothing would stop there is nothing to plan', async () => {
  const root = projectWith({ 'db/1_orders.sql': migration(ORDERS) });
  expect(await run('plan', root)).toMatchObject({ code: 0, out: expect.stringContaining('nothing to plan') });
  expect((await run('plan', '--help')).out).toContain('--write DIR');
  expect((await run('plan', root, '--as', 'rails')).code).toBe(2);
});

describe('a checklist', () => {
  const tried = (results: unknown) =>
    projectWith({ 'db/1_orders.sql': migration(ORDERS), 'tried.json': JSON.stringify({ results }) });

  test('is filled in with what the files and greenlight try have shown', async () => {
    const root = tried([{ attempt: 'rollback', verdict: 'ok', migration: null, file: null }]);
    const { code, out } = await run('plan', root, '--checklist', '--tried', join(root, 'tried.json'));
    expect(code).toBe(0);
    expect(out).toContain('- [x] every pending migration was read, and none hurts the live version — 1 were');
    expect(out).toContain('- [x] their rollback was tried — rollback went well');
    expect(out).toContain('- [ ] the migrations were tried on a real PostgreSQL — fresh');
    const points = JSON.parse((await run('plan', root, '--checklist', '--json')).out);
    expect(points[1]).toMatchObject({ at: 'T-48 h', state: 'open' });
  });

  test('names the change that would stop a deployment', async () => {
    const { out } = await run('plan', projectWith(shop), '--checklist');
    expect(out).toMatch(/\*\*not so\*\*: every pending migration .*2\\_rename\.sql:2: /);
  });

  test.each([
    [['--tried', 'x.json'], 2, '--tried fills in a checklist'],
    [['--checklist', '--write', 'out'], 2, 'received both'],
    [['--checklist', '--service', 'shop'], 2, 'expected --workflow STACK, or GREENLIGHT_WORKFLOW'],
    [['--checklist', '--deployment', 'a b'], 2, 'expected --workflow STACK'],
    [['--checklist', '--tried', 'none.json'], 1, 'none.json: ENOENT'],
  ])('%j is refused by one clear error', async (args, code, said) => {
    const root = projectWith({ 'db/1_orders.sql': migration(ORDERS) });
    const refused = await run('plan', root, ...args);
    expect(refused).toMatchObject({ code, problems: expect.stringContaining(said) });
  });

  test('a file that greenlight try has not written is refused by what is wrong with it', async () => {
    const root = tried([{ attempt: 'nightly', verdict: 'ok', migration: null, file: null }]);
    const refused = await run('plan', root, '--checklist', '--tried', join(root, 'tried.json'));
    expect(refused).toMatchObject({
      code: 1,
      problems: expect.stringMatching(/tried\.json\.results\.0\.attempt.*greenlight try --json/),
    });
  });
});

test('what stops only because the tool runs all files in one transaction is planned, as it is checked', async () => {
  const up = (sql: string) => `-- Up Migration\n${sql}\n-- Down Migration\n`;
  const root = projectWith({ 'migrations/1_orders.sql': up(ORDERS) });
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: root });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-qm', 'before');
  write(root, {
    'migrations/2_rule.sql': up('ALTER TABLE orders ADD CONSTRAINT given CHECK (id > 0) NOT VALID;'),
    'migrations/3_proof.sql': up('ALTER TABLE orders VALIDATE CONSTRAINT given;'),
  });
  const args = [root, '--tool', 'node-pg-migrate', '--since', 'main'];
  expect((await run('check', ...args)).out).toMatch(/3_proof\.sql:2:1: error: .*\[slow-under-lock\]/);
  expect((await run('plan', ...args)).out).toMatch(/3_proof\.sql:2:1 {2}ALTER TABLE orders VALIDATE/);
});

test('a change without a staged plan shows the remedy of its finding', async () => {
  const root = projectWith({
    'db/1_orders.sql': migration(ORDERS),
    'db/2_empty.sql': migration('TRUNCATE orders;'),
  });
  expect((await run('plan', root)).out).toMatch(
    /There is no staged plan for it\. Instead:\n {2}DELETE FROM public\.orders WHERE/,
  );
});

test('what a plan does not keep, and what only the reader knows, stands before its first step', async () => {
  const root = projectWith({
    'db/1_orders.sql': migration(`${ORDERS}\nCREATE INDEX by_id ON orders (id) WHERE id > 5;`),
    'db/2_wider.sql': migration('ALTER TABLE orders ALTER COLUMN id TYPE numeric;'),
    'db/3_state.sql': migration('ALTER TABLE orders ADD COLUMN state int NOT NULL;'),
  });
  const { out } = await run('plan', root);
  expect(out).toMatch(
    /to numeric\n {2}not kept: index by_id: make it on id_new by yourself, .*\n {2}release 1\n/,
  );
  expect(out).toMatch(
    /state not null\n {2}<value for state> is what the rows that are there get\. .*\n {2}release 1\n/,
  );
  expect(await run('plan', root, '--write', join(root, 'out'))).toMatchObject({
    code: 1,
    problems: expect.stringContaining('cannot write files: <value for state> is what'),
  });
});

test('parts of a statement that have no plan of their own are a step as they were written', async () => {
  const root = projectWith({
    'db/1_orders.sql': migration(ORDERS),
    'db/2_several.sql': migration('ALTER TABLE orders SET (fillfactor = 70), ADD CHECK (id > 0);'),
  });
  expect((await run('plan', root)).out).toMatch(
    /the rest of the statement: SET \(fillfactor = 70\)\n.*\n.*alter_orders: first\n.*\n +ALTER TABLE orders\n +SET \(fillfactor = 70\);/,
  );
});

test('where PostgreSQL refuses a part that has no plan of its own, there is none for the others', async () => {
  const root = projectWith({
    'db/1_orders.sql': migration(`${ORDERS} CREATE VIEW notes AS SELECT note FROM orders;`),
    'db/2_held.sql': migration('ALTER TABLE orders ADD CHECK (id > 0), ALTER COLUMN note TYPE varchar(9);'),
  });
  const { out } = await run('plan', root);
  expect(out).toContain('is refused by PostgreSQL');
  expect(out).toContain('There is no staged plan for it. Instead:\n  Run all of it in one transaction.\n');
});

test('--json has each finding with its plans', async () => {
  const [planned, ...others] = JSON.parse((await run('plan', projectWith(shop), '--json')).out);
  expect(others).toEqual([]);
  expect(planned.finding).toMatchObject({ file: 'db/2_rename.sql', rule: 'rename-column' });
  expect(planned.plans[0].stages[0]).toMatchObject({
    release: 1,
    transactional: true,
    down: expect.any(String),
  });
});

test('a statement longer than a finding shows is planned from all of its text', async () => {
  const long = `UPDATE orders SET note = '${'x'.repeat(600)}'`;
  const root = projectWith({ 'db/1_orders.sql': migration(ORDERS), 'db/2_long.sql': migration(`${long};`) });
  const [planned] = JSON.parse((await run('plan', root, '--json')).out);
  expect(planned.plans[0].stages[0].up).toContain(`'${'x'.repeat(600)}'\n    WHERE (`);
});

describe('--write', () => {
  const written = async (tool: string, ...more: string[]) => {
    const root = projectWith(shop);
    const target = join(root, 'out');
    const result = await run('plan', root, '--write', target, '--as', tool, ...more);
    const files = readdirSync(target, { recursive: true })
      .map(String)
      .filter((name) => /\.\w+$/.test(name))
      .sort();
    const text = (part: string) =>
      readFileSync(join(target, files.find((name) => name.includes(part))!), 'utf8');
    return { result, files, text, root, target };
  };

  test('the steps are files of the tool, in the order of their names, the later release in a folder of its own', async () => {
    const { result, files, text, target } = await written('dbmate');
    expect(result.code).toBe(0);
    expect(files).toEqual([
      'release-1/3_expand_orders_remark.sql',
      'release-1/4_backfill_orders_remark.sql',
      'release-2/contract/5_contract_orders_remark.sql',
    ]);
    expect(text('expand')).toMatch(/^-- migrate:up\n.*ADD COLUMN remark.*\n-- migrate:down\nDROP TRIGGER/s);
    expect(text('backfill')).toMatch(/^-- migrate:up transaction:false\n/);
    const checked = await run('check', join(target, 'release-1'), '--tables', await schemaFile());
    expect(checked).toMatchObject({ code: 0 });
  });

  const schemaFile = async () => join(projectWith({ 'schema.txt': ORDERS }), 'schema.txt');

  test.each([
    ['plain', /release-1\/3_expand_orders_remark\.sql/, /^-- first/],
    ['golang-migrate', /release-1\/\d{14}_expand_orders_remark\.up\.sql/, /^-- first/],
    ['prisma', /release-1\/\d{14}_expand_orders_remark\/migration\.sql/, /^-- first/],
    ['flyway', /release-1\/V\d{14}__expand_orders_remark\.sql/, /^-- first/],
    [
      'liquibase',
      /release-1\/\d{14}_expand_orders_remark\.sql/,
      /^--liquibase formatted sql\n--changeset greenlight:/,
    ],
    ['knex', /release-1\/\d{14}_expand_orders_remark\.cjs/, /^\/\/ first/],
    [
      'typeorm',
      /release-1\/\d{13}-expand_orders_remark\.js/,
      /^module\.exports = class ExpandOrdersRemark\d{13} /m,
    ],
    ['mikro-orm', /release-1\/Migration\d{14}_expand_orders_remark\.js/, /^exports\.Migration\d{14}_expand/m],
    ['kysely', /release-1\/\d{13}_expand_orders_remark\.ts/, /^export async function up/m],
    ['sequelize', /release-1\/\d{14}-expand_orders_remark\.js/, /^module\.exports = /m],
    ['diesel', /release-1\/\d{4}-\d\d-\d\d-\d{6}_expand_orders_remark\/up\.sql/, /^-- first/],
    ['graphile-migrate', /release-1\/\d{14}-expand-orders-remark\.sql/, /^-- first/],
    [
      'node-pg-migrate',
      /release-1\/\d{17}_expand_orders_remark\.sql/,
      /^-- Up Migration\n.*\n-- Down Migration\n/s,
    ],
  ])('%s has its own form', async (tool, name, text) => {
    const { files, text: textOf } = await written(tool);
    expect(files.filter((file) => name.test(file))).toHaveLength(1);
    expect(files.filter((file) => file.startsWith('release-2/')).length).toBeGreaterThan(0);
    expect(textOf(files.find((file) => name.test(file))!)).toMatch(text);
  });

  test.each(['typeorm', 'mikro-orm', 'kysely', 'sequelize', 'knex'] as const)(
    '%s sends the SQL that was planned, and all of it is read',
    async (tool) => {
      const planned = await written('plain');
      const up = planned.text('expand_orders_remark.sql').split('\n').slice(2).join('\n').trim();
      const { target } = await written(tool);
      renameSync(join(target, 'release-1'), join(target, 'migrations'));
      const [first] = migrationTools[tool].list(openProject(target));
      const words = (text: string) =>
        text
          .replaceAll(/\s+/g, ' ')
          .replace(/[; ]+$/, '')
          .trim();
      expect(words(first!.up!)).toBe(words(up));
      expect(first!.opaque).toBeUndefined();
    },
  );

  test.each([
    [
      'golang-migrate',
      ['000002_orders.up.sql', '000002_orders.down.sql', '000010_rename.up.sql'],
      '000011_expand_',
    ],
    ['golang-migrate', ['20250101000000_orders.up.sql', '20250102000000_rename.up.sql'], /\d{14}_expand_/],
    ['flyway', ['V2__orders.sql', 'V10__rename.sql'], 'V11__expand_'],
    ['flyway', ['V1_2__orders.sql', 'V1.10__rename.sql'], 'V1.11__expand_'],
    ['flyway', ['V2025.01.01__orders.sql', 'V20250102__rename.sql'], /V\d{14}__expand_/],
  ] as const)('%s goes on from the numbers of %j', async (tool, [orders, ...others], first) => {
    const rename = others.at(-1)!;
    const root = projectWith({
      [`db/${orders}`]: `${ORDERS};`,
      ...Object.fromEntries(others.map((name) => [`db/${name}`, 'SELECT 1;'])),
      [`db/${rename}`]: 'ALTER TABLE orders RENAME COLUMN note TO remark;',
    });
    const target = join(root, 'out');
    expect(await run('plan', join(root, 'db'), '--tool', tool, '--write', target)).toMatchObject({ code: 0 });
    const names = readdirSync(join(target, 'release-1')).filter((name) => /^[^U].*expand/.test(name));
    expect(names[0]).toMatch(
      typeof first === 'string' ? new RegExp(`^${first.replaceAll('.', '\\.')}`) : first,
    );
  });

  test('an index that is built concurrently says what Flyway needs for it', async () => {
    const root = projectWith({
      'db/V1__orders.sql': `${ORDERS};`,
      'db/V2__index.sql': 'CREATE INDEX by_note ON orders (note);',
    });
    const target = join(root, 'out');
    expect(await run('plan', join(root, 'db'), '--write', target)).toMatchObject({ code: 0 });
    expect(readFileSync(join(target, 'release-1/V3__build_by_note.sql'), 'utf8')).toMatch(
      /-- needs flyway\.postgresql\.transactional\.lock=false.*\nCREATE INDEX CONCURRENTLY by_note ON orders/,
    );
  });

  test('flyway and liquibase read back the SQL that was planned, and knex sends it', async () => {
    const planned = await written('plain');
    const up = planned.text('expand_orders_remark.sql').split('\n').slice(2).join('\n').trim();
    const list = (tool: 'flyway' | 'liquibase', folder: string) =>
      migrationTools[tool].list(openProject(folder)).find(({ file }) => file.includes('expand'));
    const flyway = await written('flyway');
    expect(list('flyway', join(flyway.target, 'release-1'))?.up).toContain(up);
    const liquibase = await written('liquibase');
    const first = liquibase.files.find((name) => name.includes('expand'))!.replace('release-1/', '');
    writeFileSync(join(liquibase.target, 'release-1', 'liquibase.properties'), `changelog-file=${first}\n`);
    const changeset = list('liquibase', join(liquibase.target, 'release-1'));
    expect(changeset?.up).toContain(up);
    expect(changeset?.down).toContain('DROP TRIGGER');
    const knex = await written('knex');
    const code = require(join(knex.target, knex.files.find((name) => name.includes('backfill'))!));
    expect(code.config).toEqual({ transaction: false });
    expect(code.up({ raw: (sql: string) => sql })).toMatch(/^DO /);
  });

  test('what wants no transaction is code for node-pg-migrate, whose SQL files always run in one', async () => {
    const { text } = await written('node-pg-migrate');
    expect(text('backfill')).toMatch(/pgm\.noTransaction\(\);\n {2}pgm\.sql\("DO /);
  });

  test('a plan with something unknown, and a tool whose project is not there, are refused', async () => {
    const root = projectWith({ 'db/2_rename.sql': shop['db/2_rename.sql'] });
    expect(await run('plan', root, '--write', join(root, 'out'))).toMatchObject({
      code: 1,
      problems: expect.stringContaining('the type of orders.note is unknown; pass --database or --tables'),
    });
    const other = projectWith(shop);
    expect(await run('plan', other, '--write', join(other, 'out'), '--as', 'efcore')).toMatchObject({
      code: 1,
      problems: expect.stringContaining('0 model snapshots of Entity Framework found'),
    });
  });
});

test('dbmate itself applies the written releases one after the other, and takes them back', async () => {
  const server = await startServer();
  const client = await server.connect();
  try {
    const { host, port } = client;
    const url = `postgres://app:a-test-password@${host}:${port}/app?sslmode=require`;
    const root = projectWith(shop);
    const target = join(root, 'out');
    const dbmate = (folder: string, ...args: string[]) => {
      const options = ['--no-dump-schema', '--url', url, '-d', folder, ...args];
      const { status, stderr } = spawnSync(DBMATE, options, { encoding: 'utf8' });
      expect({ stderr, status }).toMatchObject({ status: 0 });
    };
    await client.query(`${ORDERS} INSERT INTO orders SELECT g, 'n' || g FROM generate_series(1, 20000) g`);
    await run('plan', root, '--write', target);
    dbmate(join(target, 'release-1'), 'migrate');
    await client.query(`INSERT INTO orders (id, note) VALUES (0, 'by the old version')`);
    await client.query(`INSERT INTO orders (id, remark) VALUES (-1, 'by the new version')`);
    dbmate(join(target, 'release-2', 'contract'), 'migrate');
    dbmate(join(target, 'release-2', 'contract'), 'rollback');
    const { rows } = await client.query(
      'SELECT count(*) AS all, count(*) FILTER (WHERE note = remark) AS same FROM orders',
    );
    expect(rows).toEqual([{ all: '20002', same: '20002' }]);
  } finally {
    await client.end();
    await server.close();
  }
});
