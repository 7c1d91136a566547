import { Client } from 'pg';
import { pendingOf } from '../domain/migrations/pending';
import type { Release } from '../domain/migrations/planned';
import type { Manifest } from '../domain/migrations/types';
import type { MigrationTool } from '../migrations/tool';
import { readCatalog } from '../postgres/catalog';

/** What is pending in a database, by its history table, and its catalog. Throws for a history that does not fit the manifest. */
export async function pendingIn(url: string, manifest: Manifest, tool: MigrationTool): Promise<Release> {
  const client = new Client({ connectionString: url, application_name: 'greenlight' });
  await client.connect();
  try {
    const catalog = await readCatalog(client);
    await client.query('BEGIN READ ONLY');
    const history = await tool.history(client);
    await client.query('ROLLBACK');
    const { pending, problems } = pendingOf(manifest, history, tool);
    const [first] = problems;
    if (first) throw new Error(`${first.message}; ${first.remedy}`);
    return { migrations: pending, catalog };
  } finally {
    await client.end().catch(() => {});
  }
}
