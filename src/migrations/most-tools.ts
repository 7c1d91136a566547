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
import { mikroOrm } from './mikro-orm';
import { nodePgMigrate } from './node-pg-migrate';
import { plain } from './plain';
import { prisma } from './prisma';
import { sequelize } from './sequelize';
import { typeorm } from './typeorm';

/** The adapters that are no more to load than what they know of a database: all but those that need a parser of their own. */
export const mostTools = {
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
  'mikro-orm': mikroOrm,
  'node-pg-migrate': nodePgMigrate,
  plain,
  prisma,
  sequelize,
  typeorm,
};
