import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationTools } from '../../src/migrations';
import { openProject } from '../../src/migrations/project';

beforeAll(() => migrationTools.liquibase.load?.());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-printed-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, ...lines: string[]) => writeFileSync(join(folder, file), lines.join('\n'));

it('reads the SQL of an Alembic revision from what "alembic upgrade --sql" printed', () => {
  cpSync(join(__dirname, 'projects', 'alembic'), folder, { recursive: true });
  write(
    'upgrade.sql',
    'BEGIN;',
    'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);',
    '-- Running upgrade  -> b2a1',
    '',
    'CREATE TABLE accounts (id BIGSERIAL NOT NULL);',
    "INSERT INTO alembic_version (version_num) VALUES ('b2a1') RETURNING alembic_version.version_num;",
    '-- Running upgrade b2a1 -> a7c4',
    '',
    'ALTER TABLE accounts ADD COLUMN email TEXT;',
    "UPDATE alembic_version SET version_num='a7c4' WHERE alembic_version.version_num = 'b2a1';",
    'COMMIT;',
  );
  const [accounts, email, index] = migrationTools.alembic.list(openProject(folder));
  expect(accounts!.up!.trim()).toBe('CREATE TABLE accounts (id BIGSERIAL NOT NULL);');
  expect(email).toMatchObject({ id: 'a7c4', file: 'upgrade.sql', firstLine: 8, parents: ['b2a1'] });
  expect(email!.up!.trim()).toBe('ALTER TABLE accounts ADD COLUMN email TEXT;');
  // what was not printed stays unknown
  expect(index).toMatchObject({ up: null, opaque: expect.stringContaining('alembic upgrade') });
});

it('reads the SQL of a Liquibase change that is no SQL from what "liquibase update-sql" printed', () => {
  write(
    'changelog.xml',
    '<databaseChangeLog>',
    '<changeSet id="1" author="shop"><addColumn tableName="a"><column name="b" type="int"/></addColumn></changeSet>',
    '<changeSet id="2" author="shop"><dropTable tableName="c"/></changeSet>',
    '</databaseChangeLog>',
  );
  write(
    'update.sql',
    '-- Changeset changelog.xml::1::shop',
    'ALTER TABLE a ADD b INTEGER;',
    '',
    "INSERT INTO databasechangelog (ID) VALUES ('1; 2');",
  );
  const [first, second] = migrationTools.liquibase.list(openProject(folder));
  expect(first!.opaque).toBeUndefined();
  expect(first!.up!.trim()).toBe('ALTER TABLE a ADD b INTEGER;');
  expect(second).toMatchObject({
    up: null,
    opaque: expect.stringMatching(/^the change dropTable is no SQL/),
  });
});
