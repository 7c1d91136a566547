import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pendingOf } from '../../src/domain/migrations/pending';
import { detectTool, migrationTools } from '../../src/migrations';
import { manifestOf } from '../../src/migrations/manifest';
import { openProject } from '../../src/migrations/project';

beforeAll(() => migrationTools.liquibase.load?.());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-forms-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function project(...files: (string | [string, string])[]) {
  for (const one of files) {
    const [file, text] = typeof one === 'string' ? [one, 'SELECT 1;\n'] : one;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return openProject(folder);
}

const ids = (of: ReturnType<typeof project>) => manifestOf(of, detectTool(of)).migrations.map(({ id }) => id);

describe('a tool is known without the file that usually tells', () => {
  test.each<[string, [string, string][]]>([
    ['prisma', [['prisma/migrations/20260101000000_a/migration.sql', 'SELECT 1;']]],
    [
      'drizzle',
      [
        ['drizzle/20260101000000_a/migration.sql', 'SELECT 1;'],
        ['drizzle/20260101000000_a/snapshot.json', '{}'],
        ['drizzle/20260102000000_b/migration.sql', 'SELECT 1;'],
      ],
    ],
    ['node-pg-migrate', [['migrations/1767225600000_a.js', "exports.up = (pgm) => pgm.dropTable('a');"]]],
    [
      'knex',
      [['migrations/20260101_a.js', 'exports.up = (knex) => knex.schema.dropTable("a");exports.down = 1']],
    ],
    ['diesel', [['migrations/2026-01-01-000000_a/up.sql', 'SELECT 1;']]],
    [
      'graphile-migrate',
      [['migrations/committed/000001.sql', '--! Previous: -\n--! Hash: sha1:a\n\nSELECT 1;\n']],
    ],
    ['typeorm', [['src/migration/1-a.ts', 'export class A1767225600000 implements MigrationInterface { }']]],
    ['kysely', [['migrations/1_a.ts', "import { Kysely } from 'kysely';\nexport async function up(db) {}"]]],
    ['sequelize', [['migrations/1-a.js', 'module.exports = { up: (queryInterface) => 1 };']]],
    ['mikro-orm', [['migrations/M1.ts', "import { Migration } from '@mikro-orm/migrations';"]]],
  ])('%s', (name, files) => expect(detectTool(project(...files)).name).toBe(name));
});

it('takes the folders of drizzle 1 for migrations of their names, applied whenever they come', () => {
  const of = project(
    'drizzle.config.ts',
    'drizzle/20260102000000_b/migration.sql',
    'drizzle/20260101000000_a/migration.sql',
  );
  expect(ids(of)).toEqual(['20260101000000_a', '20260102000000_b']);
  const applied = [{ id: '20260102000000_b' }];
  const { pending, problems } = pendingOf(
    manifestOf(of, migrationTools.drizzle),
    { applied },
    migrationTools.drizzle,
  );
  expect([pending.map(({ id }) => id), problems]).toEqual([['20260101000000_a'], []]);
});

it('says of two folders with the same migrations that they are two histories', () => {
  expect(() => ids(project('dev/V1__a.sql', 'prod/V1__a.sql'))).toThrow(
    'dev/V1__a.sql and prod/V1__a.sql are both migration 1; name the folder of one history, dev or prod',
  );
});

describe('of Flyway', () => {
  test('a class is a migration that nobody can read, by its name', () => {
    const of = project('V1__a.sql', 'java/db/migration/V2__Backfill.java', 'kotlin/R__View.kt');
    expect(ids(of)).toEqual(['1', '2', 'R__View']);
    expect(migrationTools.flyway.list(of)[1]).toMatchObject({
      up: null,
      opaque: expect.stringMatching(/^V2__Backfill is a class/),
    });
  });

  test('a baseline script stands for versions whose files are gone, and for no others', () => {
    expect(ids(project('B2__base.sql', 'B3__base.sql', 'V4__a.sql'))).toEqual(['3', '4']);
    expect(ids(project('V1__a.sql'))).toEqual(['1', '4']);
  });

  test('callbacks are no migrations, and are read beside them', () => {
    const of = project('V1__a.sql', 'afterMigrate.sql', 'beforeEachMigrate__timeouts.sql', 'other.sql');
    expect(ids(of)).toEqual(['1']);
    expect(migrationTools.flyway.beside!(of).map(({ id }) => id)).toEqual([
      'afterMigrate',
      'beforeEachMigrate__timeouts',
    ]);
  });
});

/** Answers of Alembic 1.20: `ScriptDirectory._upgrade_revs('heads', None)`. Names of files count where branches meet. */
test.each<[string, Record<string, string[]>, Record<string, string>, string[]]>([
  ['one line', { a_2: ['1'], b_1: [] }, {}, ['1', '2']],
  [
    'branches, a merge and a dependency',
    {
      '0_5ed7': ['6d07', 'd683'],
      '0_6d07': [],
      '0_cad1': ['6d07', 'd683'],
      '4_9229': ['6d07'],
      '6_1c6b': [],
      '8_4016': ['cad1'],
      '8_d683': [],
    },
    { '8_4016': '9229' },
    ['6d07', 'd683', '9229', '1c6b', 'cad1', '4016', '5ed7'],
  ],
  [
    'branches that need each other',
    {
      '1_0755': ['0f19', '7cbb'],
      '2_0e08': ['7cbb'],
      '2_b925': ['7cbb'],
      '5_0c46': ['0f19'],
      '6_89ea': ['b925'],
      '7_6dfb': ['7cbb'],
      '8_c557': [],
      '9_0f19': [],
      '9_7cbb': ['c557'],
    },
    { '2_0e08': '6dfb', '6_89ea': '6dfb' },
    ['c557', '7cbb', '0f19', '6dfb', 'b925', '89ea', '0e08', '0c46', '0755'],
  ],
])('Alembic applies %s in its own order', (_, follows, needs, order) => {
  const quoted = (names: string[]) => names.map((name) => `"${name}"`).join(', ');
  const files = Object.entries(follows).map(([name, before]): [string, string] => [
    `versions/${name}.py`,
    `revision = "${name.split('_')[1]}"\ndown_revision = ${before.length === 0 ? 'None' : `(${quoted(before)},)`}\ndepends_on = ${needs[name] ? quoted([needs[name]]) : 'None'}\n`,
  ]);
  expect(ids(project(...files))).toEqual(order);
});
