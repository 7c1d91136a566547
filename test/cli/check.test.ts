import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startServer } from '../postgres/server';
import { migration, projectWith, run, runProcess, write } from './project';

const ORDERS = migration('CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(40), email text);');
const RENAME = migration('ALTER TABLE orders RENAME COLUMN note TO remark;');
const INDEX = migration('CREATE INDEX ON orders (email);');

const shop = {
  'db/1_orders.sql': ORDERS,
  'db/2_amount.sql': migration('ALTER TABLE orders ADD COLUMN amount int;'),
  'db/3_rename.sql': RENAME,
};
const today = new Date();
const day = (offset: number) => new Date(today.getTime() + offset * 86_400_000).toISOString().slice(0, 10);

test('what is fine is one quiet line for each file, and what would stop a deployment is explained', () => {
  const root = projectWith(shop);
  const { code, out } = runProcess(root, 'check');
  expect(code).toBe(1);
  const lines = out.split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'fine   db/1_orders.sql  1 statement: 1 none',
    'fine   db/2_amount.sql  1 statement: 1 expand',
    'db/3_rename.sql:2:1: error: Renaming note of public.orders to remark breaks the live version: every statement that names note fails. [rename-column]',
    '  ALTER TABLE orders RENAME COLUMN note TO remark',
  ]);
  expect(out).toMatch(/lock: ACCESS EXCLUSIVE on public\.orders: reads and writes wait, no row is read/);
  expect(out).toMatch(/live version: breaks/);
  expect(out).toMatch(/^help:\n +ALTER TABLE public\.orders ADD COLUMN remark varchar\(40\);$/m);
  expect(out).toContain('1 of 3 statements would stop a deployment');
});

test('a project in which nothing stops ends with 0, one that cannot be read with 1, a slip of the pen with 2', async () => {
  const root = projectWith({ 'db/1_orders.sql': ORDERS });
  expect(await run('check', root)).toMatchObject({ code: 0, out: expect.stringMatching(/^fine .*$/) });
  expect(await run('check', projectWith({}))).toMatchObject({
    code: 1,
    problems: expect.stringMatching(/no migrations found/),
  });
  expect(await run('check', root, '--format', 'xml')).toMatchObject({
    code: 2,
    problems: expect.stringMatching(
      /expected --format FORMAT, one of text, github, sarif, json, received "xml"/,
    ),
  });
  expect(await run('check', root, '--tool', 'rails')).toMatchObject({
    code: 2,
    problems: expect.stringMatching(/unknown tool "rails"/),
  });
  expect(await run('check', root, 'other')).toMatchObject({
    code: 2,
    problems: expect.stringMatching(/unexpected argument "other"/),
  });
  expect((await run('check', '--help')).out).toContain('--since REF');
});

test('--json is a list of findings, one for each statement', async () => {
  const { code, out } = await run('check', projectWith(shop), '--json');
  const findings = JSON.parse(out);
  expect(code).toBe(1);
  expect(findings).toHaveLength(3);
  expect(findings[2]).toMatchObject({
    file: 'db/3_rename.sql',
    line: 2,
    column: 1,
    class: 'contract',
    locks: [{ relation: 'public.orders', mode: 'ACCESS EXCLUSIVE' }],
    breaksLiveVersion: 'yes',
    stops: true,
    rule: 'rename-column',
  });
});

test('--format github annotates what stops, and nothing else', async () => {
  const { out } = await run('check', projectWith(shop), '--format', 'github');
  expect(out.split('\n')).toHaveLength(1);
  expect(out).toMatch(
    /^::error file=[^,]*db\/3_rename\.sql,line=2,col=1,title=greenlight%3A rename-column::/,
  );
  expect(out).toContain('%0Ahelp:%0AALTER TABLE ');
});

test('one file can be asked about; those before it say which tables there are', async () => {
  const root = projectWith({ ...shop, 'db/4_index.sql': INDEX });
  const { out } = await run('check', join(root, 'db/4_index.sql'));
  expect(out).toMatch(/^\S*4_index\.sql:2:1: error: .*\[create-index\]\n/);
  expect(out).not.toContain('3_rename');
});

test('the safe recipe goes on a table that no file creates', async () => {
  const root = projectWith({
    'db/1_rule.sql': migration('ALTER TABLE elsewhere ADD CONSTRAINT known CHECK (n IS NOT NULL) NOT VALID;'),
    'db/2_proof.sql': migration('ALTER TABLE elsewhere VALIDATE CONSTRAINT known;'),
    'db/3_required.sql': migration('ALTER TABLE elsewhere ALTER COLUMN n SET NOT NULL;'),
    'db/4_again.sql': migration('ALTER TABLE elsewhere DROP CONSTRAINT known;'),
    'db/5_other.sql': migration('ALTER TABLE elsewhere ALTER COLUMN m SET NOT NULL;'),
  });
  const { out } = await run('check', root);
  expect(out.match(/^fine/gm)).toHaveLength(4);
  expect(out).toMatch(/5_other\.sql:2:1: error: .*\[set-not-null\]/);
  expect((await run('check', root, '--tables', 'new')).code).toBe(0);
});

test('tables that no file creates count as big, unless they are said to be new or to be in a schema file', async () => {
  const root = projectWith({ 'db/1_index.sql': INDEX, 'schema.txt': 'CREATE TABLE orders (email text);' });
  expect((await run('check', root)).code).toBe(1);
  expect((await run('check', root, '--tables', 'new')).code).toBe(0);
  const known = await run('check', root, '--tables', join(root, 'schema.txt'));
  expect(known).toMatchObject({ code: 1, out: expect.stringMatching(/SHARE on public\.orders/) });
  write(root, { 'schema.txt': 'CREATE TABEL x;' });
  const broken = await run('check', root, '--tables', join(root, 'schema.txt'));
  expect(broken).toMatchObject({ code: 1, problems: expect.stringMatching(/schema\.txt:1:8: syntax error/) });
});

test('SQL that cannot be parsed is opaque, with its place, and what stands around it is read', async () => {
  const root = projectWith({ 'a.sql': 'SELECT 1;\n  CREATE TABEL x;\nDROP TABLE y;' });
  const { out } = await run('check', root, '--json');
  expect(JSON.parse(out)).toEqual([
    expect.objectContaining({ class: 'none', line: 1 }),
    expect.objectContaining({ rule: 'drop-table', line: 3 }),
    expect.objectContaining({ class: 'opaque', line: 2, column: 10 }),
  ]);
});

test('what cannot be read is never fine, and says so once for each reason', async () => {
  const root = projectWith({
    'migrations/1_a.js': 'exports.up = () => {};',
    'migrations/2_b.js': 'exports.up = () => {};',
    'migrations/3_c.js': 'exports.up = () => {};',
    'package.json': '{"dependencies": {"node-pg-migrate": "1"}}',
  });
  const { out } = await run('check', root, '--tool', 'node-pg-migrate');
  expect(out).not.toContain('fine');
  expect(out.trim().split('\n')).toHaveLength(1);
  expect(out).toMatch(/1_a\.js:1:1: warning: .* \[opaque\]; so are 2 more/);
  const github = await run('check', root, '--tool', 'node-pg-migrate', '--format', 'github');
  expect(github.out).toMatch(/^::warning file=/m);
});

test.each([
  ['db/V1__a.sql', 'ALTER TABLE ${table} ADD COLUMN n int;', 'at or near "$"'],
  ['db/V1__a.sql', 'ALTER TABLE "${schema}".parcels ADD COLUMN n int;', '${schema} is a placeholder'],
  ['db/V1__a.sql', "SET search_path = '${schema}';", '${schema} is a placeholder'],
  ['a.sql', 'GRANT SELECT ON parcels TO :reader;', 'at or near ":"'],
  ['a.sql', 'CREATE TABLE :"name" (id int);', 'at or near ":"'],
  ['a.sql', 'CREATE TABLE {{ name }} (id int);', 'at or near "{"'],
  ['a.sql', 'CREATE TABLE "{{name}}" (id int);', '{{name}} is a placeholder'],
])('a placeholder is never fine, in %s: %s', async (file, sql, why) => {
  const root = projectWith({ [file]: `CREATE TABLE parcels (id int);\n${sql}` });
  for (const format of ['text', 'github']) {
    const { out } = await run('check', root, '--format', format);
    expect(out).not.toContain('fine');
    expect(out).toContain(why);
  }
  const findings = JSON.parse((await run('check', root, '--json')).out);
  expect(findings).toContainEqual(
    expect.objectContaining({ class: 'opaque', line: 2, message: expect.stringContaining(why) }),
  );
});

test('a placeholder in a value changes no more than the value, and what stops goes on stopping', async () => {
  const root = projectWith({
    'db/V1__a.sql': "CREATE TABLE parcels (id int); COMMENT ON TABLE parcels IS 'of ${owner}';",
    'db/V2__b.sql': 'DROP TABLE "${schema}".parcels;',
  });
  const { out } = await run('check', root);
  expect(out).toMatch(/^fine .*V1__a/);
  expect(out).toMatch(/V2__b\.sql:1:1: error: .*\[drop-table\]/);
});

test('remedies quote the names that PostgreSQL would fold, SQL and sentences each on lines of their own', async () => {
  const root = projectWith({
    'a.sql':
      'ALTER TABLE "Parcel" ALTER COLUMN "Weight" SET NOT NULL;\nALTER TABLE "Parcel" ADD COLUMN state int NOT NULL;',
  });
  const { out } = await run('check', root);
  const helps = out.split('help:\n').slice(1);
  const lines = helps.map((help) => help.split(/\n(?! {2})/)[0]!.split('\n'));
  expect(lines).toEqual([
    [
      '  ALTER TABLE public."Parcel" ADD CONSTRAINT "Parcel_Weight_known" CHECK ("Weight" IS NOT NULL) NOT VALID;',
      '  Validate it in the next migration.',
      '  ALTER TABLE public."Parcel" VALIDATE CONSTRAINT "Parcel_Weight_known";',
      '  ALTER TABLE public."Parcel" ALTER COLUMN "Weight" SET NOT NULL;',
      '  ALTER TABLE public."Parcel" DROP CONSTRAINT "Parcel_Weight_known";',
    ],
    [
      '  ALTER TABLE public."Parcel" ADD COLUMN state int4 NOT NULL DEFAULT <…>;',
      '  Or let it be NULL, fill it in batches, and set NOT NULL behind a validated CHECK.',
      '  Only you know what belongs in the place of each <…>.',
    ],
  ]);
});

test("psql's own commands and rows of COPY are told from statements", async () => {
  const dump = [
    '\\restrict abc',
    'CREATE TABLE t (a int);',
    'COPY t (a) FROM stdin;',
    "1\t'; DROP TABLE x",
    '\\.',
    '\\i other.sql',
    'DROP TABLE old;',
    '\\unrestrict abc',
  ].join('\n');
  const root = projectWith({ 'a.sql': dump });
  const findings = JSON.parse((await run('check', root, '--json')).out);
  expect(findings.map(({ rule, line }: { rule: string; line: number }) => [rule, line])).toEqual([
    ['create-table', 2],
    ['write-rows', 3],
    ['drop-table', 7],
    ['opaque', 6],
  ]);
  // what is no SQL at all is told with its own line, also behind rows
  write(root, { 'a.sql': dump.replace('DROP TABLE old', 'SELEC 1') });
  const unread = JSON.parse((await run('check', root, '--json')).out);
  expect(unread.map(({ rule, line }: { rule: string; line: number }) => [rule, line])).toEqual([
    ['create-table', 2],
    ['write-rows', 3],
    ['opaque', 7],
    ['opaque', 6],
  ]);
  write(root, { 'schema.txt': dump.replace('\\i other.sql\n', '') });
  expect((await run('check', root, '--tables', join(root, 'schema.txt'))).problems).toBe('');
});

test.each([
  [
    'changelog.xml',
    '<databaseChangeLog><changeSet id="1" author="a"><sql>DROP TABLE t</sql></changeSet></databaseChangeLog>',
  ],
  [
    'changelog.yaml',
    'databaseChangeLog:\n  - changeSet: { id: 1, author: a, changes: [{ sql: { sql: DROP TABLE t } }] }\n',
  ],
  [
    'changelog.json',
    '{ "databaseChangeLog": [{ "changeSet": { "id": "1", "author": "a", "changes": [{ "sql": "DROP TABLE t" }] } }] }',
  ],
])('the command as it is installed reads %s of Liquibase', (file, text) => {
  const { out, problems } = runProcess(projectWith({ [file]: text }), 'check');
  expect([out, problems]).toEqual([expect.stringContaining('[drop-table]'), '']);
});

test('--format sarif is what code scanners read', async () => {
  const { out, code } = await run('check', projectWith(shop), '--format', 'sarif');
  expect(code).toBe(1);
  const [scan] = JSON.parse(out).runs;
  expect(scan.tool.driver.rules).toEqual([
    { id: 'rename-column', shortDescription: { text: 'RENAME COLUMN.' } },
  ]);
  expect(scan.results).toMatchObject([
    {
      ruleId: 'rename-column',
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 2, startColumn: 1 } } }],
    },
  ]);
});

test('rules are listed and explained, an unknown one is refused', async () => {
  expect((await run('rules')).out).toMatch(/^add-check +ADD CHECK without NOT VALID\.$/m);
  expect((await run('rules', '--explain', 'set-not-null')).out).toMatch(/## set-not-null\n[\s\S]*Safe:/);
  expect(await run('rules', '--explain', 'nothing')).toMatchObject({ code: 2 });
});

describe('--since', () => {
  const git = (root: string, ...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: root, encoding: 'utf8' });

  test('only what has changed since the branches parted is checked, committed or not, against what was there', async () => {
    const root = projectWith({ 'db/1_orders.sql': ORDERS, 'db/2_rename.sql': RENAME });
    git(root, 'init', '-q', '-b', 'main');
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'before');
    git(root, 'checkout', '-qb', 'work');
    write(root, { 'db/3_index.sql': INDEX });
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'work');
    write(root, { 'db/4_phone.sql': migration('ALTER TABLE orders ADD COLUMN phone text;') });
    const { out, code } = await run('check', root, '--since', 'main');
    expect(out).toMatch(/3_index\.sql:2:1: error: /);
    expect(out).toMatch(/fine .*4_phone\.sql/);
    expect(out).not.toMatch(/1_orders|2_rename/);
    expect(code).toBe(1);
    expect(await run('check', root, '--since', 'nowhere')).toMatchObject({
      code: 1,
      problems: expect.stringMatching(/git rev-parse failed/),
    });
  });

  const CHANGESETS = '--liquibase formatted sql\n--changeset a:1\nCREATE TABLE orders (id int, note text);\n';
  const REVISION = 'revision = "a1"\ndown_revision = None\n';
  const PRINTED = 'BEGIN;\n-- Running upgrade  -> a1\nCREATE TABLE orders (id int, note text);\nCOMMIT;\n';
  const DROP = 'ALTER TABLE orders DROP COLUMN note;\n';
  const EF = (id: string, sql: string) =>
    `START TRANSACTION;\n${sql}INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")\nVALUES ('${id}', '9.0.0');\nCOMMIT;\n`;
  const EF_FIRST = EF('20260101000000_A', 'CREATE TABLE orders (id int, note text);\n');
  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    [
      'a changelog that grows',
      { 'changes.sql': CHANGESETS },
      { 'changes.sql': `${CHANGESETS}--changeset a:2\n${DROP}` },
      'changes.sql:5:1',
    ],
    [
      'a printed script of Alembic',
      { 'versions/a1.py': REVISION, 'upgrade.sql': PRINTED },
      {
        'versions/b2.py': 'revision = "b2"\ndown_revision = "a1"\n',
        'upgrade.sql': PRINTED.replace('COMMIT;', `-- Running upgrade a1 -> b2\n${DROP}COMMIT;`),
      },
      'upgrade.sql:5:1',
    ],
    [
      'a printed script of EF Core',
      { 'M/20260101000000_A.cs': '', 'M/XModelSnapshot.cs': '', 'all.sql': EF_FIRST },
      { 'M/20260102000000_B.cs': '', 'all.sql': EF_FIRST + EF('20260102000000_B', DROP) },
      'all.sql:7:1',
    ],
    [
      'one file of SQL that nothing divides',
      { 'schema.sql': PRINTED },
      { 'schema.sql': PRINTED.replace('COMMIT;', `${DROP}COMMIT;`) },
      'schema.sql:4:1',
    ],
  ])('of %s what stood is what the rest meets', async (_, before, now, place) => {
    const root = projectWith(before);
    git(root, 'init', '-q', '-b', 'main');
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'before');
    write(root, now);
    const found = JSON.parse((await run('check', root, '--since', 'main', '--json')).out);
    const told = (found as { file: string; line: number; column: number; rule: string }[])
      .filter(({ rule }) => rule !== 'no-effect')
      .map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`);
    expect(told).toEqual([`${place} drop-column`]);
  });
});

describe('--accept', () => {
  const entry = { file: 'db/3_rename.sql', rule: 'rename-column', reason: 'night shift', until: day(1) };
  const checked = (entries: object[]) => {
    const root = projectWith({ ...shop, 'accept.json': JSON.stringify(entries) });
    return run('check', root, '--accept', join(root, 'accept.json'));
  };

  test('a finding that somebody has accepted does not stop until its day is over', async () => {
    expect(await checked([entry])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/3_rename\.sql {2}1 statement: 1 accepted/),
    });
    expect(await checked([{ ...entry, until: day(0), line: 2 }])).toMatchObject({ code: 0 });
    expect(await checked([{ ...entry, until: day(-1) }])).toMatchObject({
      code: 1,
      problems: expect.stringMatching(/has expired on/),
    });
  });

  test('an entry that accepts nothing is said to', async () => {
    for (const other of [{ line: 7 }, { rule: 'drop-column' }, { file: 'db/2_amount.sql' }]) {
      expect(await checked([{ ...entry, ...other }])).toMatchObject({
        code: 1,
        problems: expect.stringMatching(/accepts nothing; remove it/),
      });
    }
  });

  test('unknown keys and dates that are none are refused by name', async () => {
    expect(await checked([{ ...entry, note: 'x' }])).toMatchObject({
      code: 1,
      problems: expect.stringMatching(/0: Unrecognized key: "note"/),
    });
    expect(await checked([{ ...entry, until: 'soon' }])).toMatchObject({
      code: 1,
      problems: expect.stringMatching(/0\.until: Invalid/),
    });
    expect(await checked([{ ...entry, reason: '' }])).toMatchObject({
      code: 1,
      problems: expect.stringMatching(/0\.reason/),
    });
  });
});

test('with a database what is pending there is checked, by the size of its own tables', async () => {
  const server = await startServer();
  try {
    const client = await server.connect();
    await client.query(`CREATE TABLE schema_migrations (version text PRIMARY KEY);
      INSERT INTO schema_migrations VALUES ('1');
      CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(40), email text);
      CREATE TABLE big AS SELECT g AS email FROM generate_series(1, 150000) g;
      ANALYZE`);
    // what was never analysed is as big as its file
    await client.query(`CREATE UNLOGGED TABLE loaded AS SELECT repeat('x', 1900) AS email FROM generate_series(1, 54000);
      CREATE TABLE few AS SELECT 'x' AS email`);
    const { host, port } = client;
    const url = `postgres://app:a-test-password@${host}:${port}/app?sslmode=no-verify`;
    const root = projectWith({
      'db/1_orders.sql': ORDERS,
      'db/2_index.sql': INDEX,
      'db/3_index.sql': migration('CREATE INDEX ON big (email);'),
      'db/4_index.sql': migration('CREATE INDEX ON loaded (email);'),
      'db/5_index.sql': migration('CREATE INDEX ON few (email);'),
    });
    const { code, out } = await run('check', root, '--database', url);
    expect(out).toMatch(/4_index\.sql:2:1: error: .*\nfine .*5_index\.sql/s);
    expect(out).toMatch(/fine .*2_index\.sql {2}1 statement: 1 expand-slow\n\S*3_index\.sql:2:1: error: /);
    expect(out).not.toContain('1_orders');
    expect(code).toBe(1);
    await client.query(`INSERT INTO schema_migrations VALUES ('9')`);
    const drifted = await run('check', root, '--database', url);
    expect(drifted).toMatchObject({
      code: 1,
      problems: expect.stringMatching(/migration 9 was applied to this database and is not in this/),
    });
    await client.query(`DELETE FROM schema_migrations WHERE version = '9';
      ALTER TABLE schema_migrations RENAME TO "Applied"`);
    expect(await run('check', root, '--database', url)).toMatchObject({
      code: 1,
      problems: expect.stringMatching(
        /no table schema_migrations here.* name the table with --history-table/,
      ),
    });
    const { out: named } = await run('check', root, '--database', url, '--history-table', 'public.Applied');
    expect(named).not.toContain('1_orders');
    write(root, { '.env': 'DBMATE_MIGRATIONS_TABLE=Applied\n' });
    expect((await run('check', root, '--database', url)).out).not.toContain('1_orders');
    const all = await run('check', root, '--database', url, '--history-table', 'none');
    expect(all.out).toContain('1_orders');
    await client.end();
  } finally {
    await server.close();
  }
});
