import { createHash } from 'node:crypto';
import type { ToolName } from '../../src/domain/migrations/types';

/** SQL that makes the table "slow", with what the tool's session has for lock_timeout, and then takes its time. */
const SEEN = 'CREATE TABLE slow AS SELECT current_setting($$lock_timeout$$) AS lock_timeout';
const slow = (seconds: number | string) => `${SEEN};\nSELECT pg_sleep(${seconds});\n`;

/** A committed migration of graphile-migrate behind the third of its project. */
function committed(sql: string): string {
  const previous = 'sha1:74dccabd7b839a9f1fca914ecfc48181af631234';
  const hash = createHash('sha1').update(`${previous}\n${sql.trim()}\n`).digest('hex');
  return `--! Previous: ${previous}\n--! Hash: sha1:${hash}\n\n${sql}`;
}

/** A tool that the tests run. */
export interface RealTool {
  name: ToolName;
  /** The program that must be there. */
  program: string;
  /** Files of a fourth migration, by path; a function gets the file's text before. */
  slow(seconds: number | string): Record<string, string | ((before: string) => string)>;
  /** What stands in its history when the fourth was killed with SIGKILL, and how it gets out of it. */
  killed?: { problem: 'unfinished' | 'locked'; refuses: RegExp; unlock: string[]; unlockSql?: string };
  /** SQL without which the tool refuses a database that has tables of others; by hand it takes a command. */
  adopt?: string;
  /** Whether PGOPTIONS reaches its session; default true. */
  guarded?: false;
  /** Appended to a file to change it. */
  edit: string;
  /** What the tool itself says to an edited file; absent when it notices nothing. */
  notices?: RegExp;
}

const SQL_EDIT = '\nSELECT 1;\n';

export const realTools: readonly RealTool[] = [
  {
    name: 'prisma',
    program: 'prisma',
    edit: SQL_EDIT,
    // what prisma migrate resolve makes, which needs an engine that has to be downloaded
    adopt: `CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL,
      finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
      started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`,
    slow: (seconds) => ({ 'prisma/migrations/20260104000000_slow/migration.sql': slow(seconds) }),
    killed: {
      problem: 'unfinished',
      refuses: /P3009/,
      unlock: ['prisma', 'migrate', 'resolve', '--rolled-back', '20260104000000_slow'],
      // the command itself needs an engine that has to be downloaded; this is what it writes
      unlockSql:
        "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '20260104000000_slow'",
    },
  },
  {
    name: 'dbmate',
    program: 'dbmate',
    edit: SQL_EDIT,
    slow: (seconds) => ({
      'db/migrations/20260104000000_slow.sql': `-- migrate:up\n${slow(seconds)}-- migrate:down\nDROP TABLE slow;\n`,
    }),
  },
  {
    name: 'node-pg-migrate',
    program: 'node-pg-migrate',
    edit: SQL_EDIT,
    slow: (seconds) => ({
      'migrations/1767484800000_slow.sql': `-- Up Migration\n${slow(seconds)}-- Down Migration\nDROP TABLE slow;\n`,
    }),
  },
  {
    name: 'knex',
    program: 'knex',
    edit: '\n// edited\n',
    slow: (seconds) => ({
      'migrations/20260104000000_slow.js': `
        exports.config = { transaction: false };
        exports.up = (knex) => knex.raw('BEGIN; ${SEEN}; SELECT pg_sleep(${seconds}); COMMIT');
        exports.down = (knex) => knex.schema.dropTable('slow');\n`,
    }),
    killed: {
      problem: 'locked',
      refuses: /Migration table is already locked/,
      unlock: ['knex', 'migrate:unlock'],
    },
  },
  {
    name: 'typeorm',
    program: 'typeorm',
    edit: '\n// edited\n',
    slow: (seconds) => ({
      'migrations/1767484800000-slow.js': `module.exports = class Slow1767484800000 {
        up(queryRunner) { return queryRunner.query('${SEEN}; SELECT pg_sleep(${seconds})'); }
        down(queryRunner) { return queryRunner.query('DROP TABLE slow'); }
      };\n`,
    }),
  },
  {
    name: 'mikro-orm',
    program: 'mikro-orm',
    edit: '\n// edited\n',
    slow: (seconds) => ({
      'migrations/Migration20260104000000_slow.js': `const { Migration } = require('@mikro-orm/migrations');
        exports.Slow = class extends Migration {
          up() { this.addSql('${SEEN}'); this.addSql('SELECT pg_sleep(${seconds})'); }
          down() { this.addSql('DROP TABLE slow'); }
        };\n`,
    }),
  },
  {
    name: 'kysely',
    program: 'kysely',
    edit: '\n// edited\n',
    slow: (seconds) => ({
      'migrations/1767484800000_slow.js': `import { sql } from 'kysely';
        export async function up(db) {
          await sql.raw('${SEEN}; SELECT pg_sleep(${seconds})').execute(db);
        }
        export const down = (db) => sql.raw('DROP TABLE slow').execute(db);\n`,
    }),
  },
  {
    name: 'sequelize',
    program: 'sequelize-cli',
    edit: '\n// edited\n',
    // one text of several statements is a transaction of its own
    slow: (seconds) => ({
      'migrations/20260104000000-slow.js': `module.exports = {
        up: (queryInterface) => queryInterface.sequelize.query('${SEEN}; SELECT pg_sleep(${seconds})'),
        down: (queryInterface) => queryInterface.sequelize.query('DROP TABLE slow'),
      };\n`,
    }),
  },
  {
    name: 'graphile-migrate',
    program: 'graphile-migrate',
    edit: SQL_EDIT,
    slow: (seconds) => ({ 'migrations/committed/000004.sql': committed(slow(seconds)) }),
  },
  {
    name: 'drizzle',
    program: 'drizzle-kit',
    edit: SQL_EDIT,
    slow: (seconds) => ({
      'drizzle/0003_slow.sql': slow(seconds),
      'drizzle/meta/_journal.json': (before) => {
        const journal = JSON.parse(before);
        const entry = { idx: 3, version: '7', when: 1767484800000, tag: '0003_slow', breakpoints: true };
        return JSON.stringify({ ...journal, entries: [...journal.entries.slice(0, 3), entry] });
      },
    }),
  },
  {
    name: 'liquibase',
    program: 'java',
    // JDBC reads none of libpq's variables
    guarded: false,
    edit: SQL_EDIT,
    notices: /Validation Failed/,
    slow: (seconds) => ({
      'db/changelog.xml': (before) =>
        before.replace(
          /( {2}<changeSet id="slow"[\s\S]*)?<\/databaseChangeLog>/,
          () =>
            `  <changeSet id="slow" author="shop"><sql>${slow(seconds)}</sql><rollback>DROP TABLE slow</rollback></changeSet>\n</databaseChangeLog>`,
        ),
    }),
    killed: {
      problem: 'locked',
      refuses: /Could not acquire change log lock/,
      unlock: ['liquibase', 'release-locks'],
    },
  },
  {
    name: 'alembic',
    program: 'alembic',
    edit: '\n# edited\n',
    slow: (seconds) => ({
      'migrations/versions/d444_slow.py': `from alembic import op\nrevision = "d444"\ndown_revision = "c901"\ndef upgrade():\n    op.execute("${SEEN}")\n    op.execute("SELECT pg_sleep(${seconds})")\ndef downgrade():\n    op.execute("DROP TABLE slow")\n`,
    }),
  },
  {
    name: 'plain',
    program: 'psql',
    edit: SQL_EDIT,
    slow: (seconds) => ({ 'sql/004_slow.sql': slow(seconds), 'sql/004_slow.down.sql': 'DROP TABLE slow;\n' }),
  },
];
