import { Client } from 'pg';
import type { Catalog } from '../domain/migrations/catalog';
import { pendingOf } from '../domain/migrations/pending';
import type { Release } from '../domain/migrations/planned';
import type { History, Manifest } from '../domain/migrations/types';
import { findTable } from '../migrations/history-table';
import type { MigrationTool, Session } from '../migrations/tool';
import { readCatalog } from '../postgres/catalog';

/**
 * An empty database has no history yet; one with tables has it in a table of a name that nobody knows, and everything would
 * seem to be pending.
 */
async function historyIn(
  session: Session,
  tool: MigrationTool,
  { tables }: Catalog,
  named: string | undefined,
): Promise<History> {
  const usual = tool.tables[0]!;
  const isThere = await findTable(session, named ?? usual);
  if (isThere || (named === undefined && tables.size === 0)) return tool.history(session, named);
  throw new Error(
    `there is no table ${named ?? usual} here, in which ${tool.name} would record what it has applied; name the table with --history-table, or say --history-table none where nothing was applied yet`,
  );
}

/** What is pending in a database, by its history table, and its catalog. Throws for a history that does not fit the manifest. */
export async function pendingIn(
  url: string,
  manifest: Manifest,
  tool: MigrationTool,
  /** Another than the tool's usual one, or "none". */
  named: string | undefined,
): Promise<Release> {
  const client = new Client({ connectionString: url, application_name: 'greenlight' });
  await client.connect();
  try {
    const catalog = await readCatalog(client);
    await client.query('BEGIN READ ONLY');
    const history = named === 'none' ? { applied: [] } : await historyIn(client, tool, catalog, named);
    await client.query('ROLLBACK');
    const { pending, problems } = pendingOf(manifest, history, tool);
    const [first] = problems;
    if (first) throw new Error(`${first.message}; ${first.remedy}`);
    return { migrations: pending, catalog };
  } finally {
    await client.end().catch(() => {});
  }
}
