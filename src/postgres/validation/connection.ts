import type { Connection } from '../../domain/validation/connection';
import type { Ask } from './within';

/** Source: PostgreSQL documentation, "The Cumulative Statistics System", pg_stat_ssl. */
export async function connection(ask: Ask): Promise<Connection> {
  const [seen] = await ask<{ version: number; tls: boolean; standby: boolean }>(`
    SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS standby,
      coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls`);
  const { version, tls, standby } = seen!;
  return { version: `${Math.floor(version / 10_000)}.${version % 10_000}`, tls, standby };
}
