import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ToolName } from '../../src/domain/migrations/types';
import { migrationTools } from '../../src/migrations';
import { openProject } from '../../src/migrations/project';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-history-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each<[ToolName, string, string, string]>([
  ['dbmate', '.env', 'DATABASE_URL=x\nDBMATE_MIGRATIONS_TABLE="ops.applied"\n', 'ops.applied'],
  ['knex', 'knexfile.js', "module.exports = { migrations: { tableName: 'applied' } };", 'applied'],
  ['node-pg-migrate', 'package.json', '{ "node-pg-migrate": { "migrationsTable": "applied" } }', 'applied'],
  ['node-pg-migrate', 'package.json', '{ "scripts": { "up": "node-pg-migrate up -t applied" } }', 'applied'],
  [
    'drizzle',
    'drizzle.config.ts',
    "export default { schema: './schema.ts', migrations: { table: 'applied', schema: 'ops' } };",
    'ops.applied',
  ],
  ['typeorm', 'src/data-source.ts', "new DataSource({ migrationsTableName: 'applied' })", 'applied'],
  [
    'mikro-orm',
    'mikro-orm.config.ts',
    "export default { dbName: 'x', migrations: { tableName: 'ops.applied' } };",
    'ops.applied',
  ],
  [
    'kysely',
    'kysely.config.ts',
    "defineConfig({ migrations: { migrationTableName: 'applied' } })",
    'applied',
  ],
  [
    'sequelize',
    'config/config.json',
    '{ "production": { "migrationStorageTableName": "applied" } }',
    'applied',
  ],
  ['alembic', 'migrations/env.py', 'context.configure(version_table="applied")', 'applied'],
  ['efcore', 'Data/Context.cs', 'o.UseNpgsql(c, x => x.MigrationsHistoryTable("applied"))', 'applied'],
  ['flyway', 'conf/flyway.conf', 'flyway.url=x\nflyway.table=applied\n', 'applied'],
  ['flyway', 'flyway.toml', '[flyway]\ntable = "applied"\n', 'applied'],
  ['liquibase', 'liquibase.properties', 'liquibase.databaseChangelogTableName=Applied\n', 'applied'],
  [
    'golang-migrate',
    'Makefile',
    'up:\n\tmigrate -database "$(URL)?x-migrations-table=applied" up\n',
    'applied',
  ],
])('%s says in %s how its history is called', (tool, file, text, table) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, 'other.ts'), 'export const unrelated = 1;');
  expect(migrationTools[tool].historyTable!(openProject(folder))).toBeUndefined();
  writeFileSync(join(folder, file), text);
  expect(migrationTools[tool].historyTable!(openProject(folder))).toBe(table);
});
