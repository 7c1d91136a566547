import { readdirSync } from 'node:fs';

/** The versions of the migrations that this image brings; its folders are those of MIGRATIONS. */
const known = (environment) =>
  environment.MIGRATIONS.split(',')
    .flatMap((folder) => readdirSync(folder))
    .map((file) => file.split('_')[0]);

/** Rejects when the database has seen a migration of which this image knows nothing, as Alembic and knex do. */
export async function knowsItsHistory(database, environment = process.env) {
  const { rows } = await database.query('select version from schema_migrations order by version');
  const unknown = rows.map(({ version }) => version).find((version) => !known(environment).includes(version));
  if (unknown) throw new Error(`can't locate migration ${unknown}: the history is not this version's`);
}
