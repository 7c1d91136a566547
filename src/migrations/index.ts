import type { ToolName } from '../domain/migrations/types';
import { alembic } from './alembic';
import { dbmate } from './dbmate';
import { diesel } from './diesel';
import { drizzle } from './drizzle';
import { efcore } from './efcore';
import { flyway } from './flyway';
import { golangMigrate } from './golang-migrate';
import { graphileMigrate } from './graphile-migrate';
import { knex } from './knex';
import { kysely } from './kysely';
import { liquibase } from './liquibase';
import { mikroOrm } from './mikro-orm';
import { nodePgMigrate } from './node-pg-migrate';
import { plain } from './plain';
import { prisma } from './prisma';
import type { Project } from './project';
import { sequelize } from './sequelize';
import type { MigrationTool } from './tool';
import { typeorm } from './typeorm';

export const migrationTools: Readonly<Record<ToolName, MigrationTool>> = {
  alembic,
  dbmate,
  diesel,
  drizzle,
  efcore,
  flyway,
  'golang-migrate': golangMigrate,
  'graphile-migrate': graphileMigrate,
  knex,
  kysely,
  liquibase,
  'mikro-orm': mikroOrm,
  'node-pg-migrate': nodePgMigrate,
  plain,
  prisma,
  sequelize,
  typeorm,
};

/**
 * The tool of a project, known by its files; plain SQL only when there is no other sign. Throws when there is none or more
 * than one.
 */
export function detectTool(project: Project): MigrationTool {
  const { plain: last, ...known } = migrationTools;
  const found = Object.values(known).flatMap((tool) => {
    const file = tool.detect(project);
    return file === undefined ? [] : [{ tool, file }];
  });
  if (found.length > 1)
    throw new Error(
      `more than one migration tool: ${found.map(({ tool, file }) => `${tool.name} (${file})`).join(', ')}; say which with --tool`,
    );
  if (found[0]) return found[0].tool;
  if (last.detect(project) !== undefined) return last;
  throw new Error('no migrations found; name the folder of the project, or the tool with --tool');
}
