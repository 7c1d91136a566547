import type { ReleaseFile, ToolName } from './types';

/**
 * Tools that run all that is pending in one transaction, unless one of the files wants none. Source: drizzle-orm 0.45, EF Core
 * 9, knex 3, Kysely 0.29, MikroORM 7, node-pg-migrate 9, TypeORM 1; where their configuration says otherwise, locks are held
 * for a shorter time than is said.
 */
const WHOLE_RUN = new Set<ToolName | undefined>([
  'drizzle',
  'efcore',
  'knex',
  'kysely',
  'mikro-orm',
  'node-pg-migrate',
  'typeorm',
]);

/** Files that share a transaction, hence its locks, in their order. Contract migrations run behind the others. */
export function runsOf<F extends ReleaseFile>(files: readonly F[], tool: ToolName | undefined): F[][] {
  if (!WHOLE_RUN.has(tool) || files.some(({ transactional }) => !transactional))
    return files.map((file) => [file]);
  const phases = [...new Set(files.map(({ phase }) => phase))];
  return phases.map((phase) => files.filter((file) => file.phase === phase));
}
