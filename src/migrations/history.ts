import type { Leftovers, ToolRules } from '../domain/migrations/pending';
import type { History, HistoryPlace, ToolName } from '../domain/migrations/types';
import { alembicRecords } from './alembic';
import { dbmateRecords } from './dbmate';
import { dieselRecords } from './diesel';
import { drizzleRecords } from './drizzle';
import { efcoreRecords } from './efcore';
import { flywayRecords } from './flyway';
import { golangMigrateRecords } from './golang-migrate';
import { graphileMigrateRecords } from './graphile-migrate';
import { findTable } from './history-table';
import { knexRecords } from './knex';
import { kyselyRecords } from './kysely';
import { liquibaseHistory } from './liquibase/history';
import { mikroOrmRecords } from './mikro-orm';
import { nodePgMigrateRecords } from './node-pg-migrate';
import { plainRecords } from './plain';
import { prismaRecords } from './prisma';
import { sequelizeRecords } from './sequelize';
import type { Session, ToolRecords } from './tool';
import { typeormRecords } from './typeorm';

/** Each tool as a deployment knows it. */
const recorders: Readonly<Record<ToolName, ToolRecords>> = {
  alembic: alembicRecords,
  dbmate: dbmateRecords,
  diesel: dieselRecords,
  drizzle: drizzleRecords,
  efcore: efcoreRecords,
  flyway: flywayRecords,
  'golang-migrate': golangMigrateRecords,
  'graphile-migrate': graphileMigrateRecords,
  knex: knexRecords,
  kysely: kyselyRecords,
  liquibase: liquibaseHistory,
  'mikro-orm': mikroOrmRecords,
  'node-pg-migrate': nodePgMigrateRecords,
  plain: plainRecords,
  prisma: prismaRecords,
  sequelize: sequelizeRecords,
  typeorm: typeormRecords,
};

/** The tool's own tables, which are no part of the application's schema. */
export function ownTables({ tool, historyTable }: HistoryPlace): readonly string[] {
  const { tables } = recorders[tool];
  if (historyTable === undefined) return tables;
  const table = historyTable.split('.').at(-1)!;
  // sequences and the lock's table are named after it, or keep their names
  return [...new Set([...tables.map((name) => name.replace(tables[0]!, () => table)), ...tables])];
}

export const readHistory = (session: Session, { tool, historyTable }: HistoryPlace): Promise<History> =>
  recorders[tool].history(session, historyTable);

/** The name of a history's table when there is no such table; then nothing seems to be applied. */
export async function missingTable(session: Session, { tool, historyTable }: HistoryPlace) {
  const table = historyTable ?? recorders[tool].tables[0]!;
  return (await findTable(session, table)) === undefined ? table : undefined;
}

/** What is applied and ended well, as far as the tool says. */
export const recordedIn = ({ applied, upTo = [] }: History) => ({
  applied: [...new Set([...applied.filter(({ unfinished }) => !unfinished).map(({ id }) => id), ...upTo])],
  upTo,
});

/** What a run that did not end well has left in the tool's own tables. */
export const leftoversOf = ({ applied, locked }: History): Leftovers => ({
  unfinished: applied.filter(({ unfinished }) => unfinished).map(({ id }) => id),
  locked: locked ?? null,
});

/** What the decision about pending migrations has to know of the tool. */
export const rulesOf = (tool: ToolName): ToolRules => recorders[tool];
