import type { ClientBase } from 'pg';

/**
 * dbmate keeps one column of versions, no checksum and no lock; its order is that of the version strings.
 * Source: dbmate 2, pkg/driver/postgres.
 */
export const dbmate = {
  table: 'public.schema_migrations',
  async applied(client: ClientBase): Promise<string[]> {
    const { rows: present } = await client.query("SELECT to_regclass('public.schema_migrations') AS found");
    if (!present[0]?.found) return [];
    const { rows } = await client.query<{ version: string }>('SELECT version FROM public.schema_migrations');
    return rows.map(({ version }) => version).sort();
  },
};
