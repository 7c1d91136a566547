import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { LOCK_TIMEOUT_SECONDS, type OpenTransaction } from '../domain/database/migration-task';
import type { Catalog } from '../domain/migrations/catalog';
import type { History, HistoryPlace } from '../domain/migrations/types';
import type { Port } from '../domain/step/port';
import { missingTable, readHistory } from '../migrations/history';
import { readCatalog } from './catalog';
import { lookAt } from './connection';
import { readSecret } from './secrets';

/** What has to be known of a live database before migrations are judged. */
export interface Survey {
  of(
    secret: string,
    place: HistoryPlace,
  ): Promise<
    | { catalog: Catalog; history: History; missing?: string; open: OpenTransaction[] }
    | { unreachable: string }
  >;
}

/**
 * Transactions that statements which run CONCURRENTLY wait for: with a snapshot or a number of their own, and prepared ones,
 * which have no process; and an autovacuum that gives way to nobody. Source: PostgreSQL documentation, CREATE INDEX, "Building
 * Indexes Concurrently", and "Preventing Transaction ID Wraparound Failures".
 */
const OPEN = `
SELECT coalesce(nullif(application_name, ''), 'an unnamed application') AS name,
  extract(epoch FROM now() - xact_start)::int AS seconds, '{}'::text[] AS tables,
  CASE WHEN application_name LIKE 'pg_dump%' THEN 'a dump' WHEN state LIKE 'idle in transaction%' THEN 'idle in transaction'
    ELSE 'at work' END AS doing
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
  AND backend_type = 'client backend' AND xact_start < now() - make_interval(secs => $1)
UNION ALL SELECT format('prepared transaction %s', quote_literal(gid)),
  extract(epoch FROM now() - prepared)::int, '{}'::text[], 'prepared'
FROM pg_prepared_xacts WHERE database = current_database()
UNION ALL SELECT 'autovacuum', extract(epoch FROM now() - xact_start)::int, '{}'::text[], 'against wraparound'
FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'autovacuum worker' AND query LIKE '%(to prevent wraparound)'
ORDER BY 2 DESC LIMIT 5`;

export const survey: Port<Survey> = {
  inVpc: true,
  grants: readSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      of: (secret, place) =>
        lookAt(secrets, secret, async (client) => ({
          catalog: await readCatalog(client),
          history: await readHistory(client, place),
          missing: await missingTable(client, place),
          open: (await client.query<OpenTransaction>(OPEN, [LOCK_TIMEOUT_SECONDS])).rows,
        })),
    };
  },
};
