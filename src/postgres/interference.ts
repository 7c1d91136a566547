import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { OpenTransaction } from '../domain/database/migration-task';
import type { Port } from '../domain/step/port';
import { lookAt } from './connection';
import { ownSecret } from './secrets';
import { type Watched, type Watching, watch } from './watching';

/** What is done about sessions that stand in the way of a run of the migrations, by the user that may end them. */
export interface Interference {
  /** Transactions that have been open for so long and hold a lock on a table, prepared ones too, the oldest first, five at most. */
  holding(
    secret: string,
    seconds: number,
  ): Promise<{ transactions: OpenTransaction[] } | { unreachable: string }>;
  /**
   * Looks at a migration's sessions, which bear a name or began under the application's role within so many seconds, and at who
   * waits behind them; cancels what they do where it has waited for longer than `lockSeconds` for a lock behind which others wait.
   */
  watch(secret: string, of: Watching): Promise<Watched | { unreachable: string }>;
  /**
   * Ends the sessions of an application name, and those of the process ids. Resolves with how many there were; a server may take its time to end them.
   * Source: PostgreSQL documentation, "Server Signaling Functions".
   */
  end(
    secret: string,
    application: string,
    pids?: number[],
  ): Promise<{ ended: number } | { unreachable: string }>;
}

/** Source: PostgreSQL documentation, "Viewing Locks" and pg_stat_activity; OIDs below 16384 are the server's own. */
const HOLDING = `
SELECT coalesce(nullif(a.application_name, ''), 'an unnamed application') AS name,
  extract(epoch FROM now() - a.xact_start)::int AS seconds, array_agg(DISTINCT c.relname ORDER BY c.relname)::text[] AS tables
FROM pg_stat_activity a
JOIN pg_locks l ON l.pid = a.pid AND l.granted AND l.locktype = 'relation'
JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p') AND c.oid >= 16384
WHERE a.datname = current_database() AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND a.backend_type = 'client backend' AND a.application_name NOT LIKE 'greenlight-%'
  AND a.xact_start < now() - make_interval(secs => $1)
GROUP BY a.pid, a.application_name, a.xact_start
UNION ALL SELECT format('prepared transaction %s', quote_literal(p.gid)),
  extract(epoch FROM now() - p.prepared)::int, array_agg(DISTINCT c.relname ORDER BY c.relname)::text[]
FROM pg_prepared_xacts p
JOIN pg_locks own ON own.locktype = 'transactionid' AND own.transactionid = p.transaction AND own.pid IS NULL
JOIN pg_locks l ON l.virtualtransaction = own.virtualtransaction AND l.locktype = 'relation' AND l.pid IS NULL
JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p') AND c.oid >= 16384
WHERE p.database = current_database() AND p.prepared < now() - make_interval(secs => $1)
GROUP BY p.gid, p.prepared ORDER BY 2 DESC LIMIT 5`;

const END =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 OR pid = ANY ($2)';

export const interference: Port<Interference> = {
  inVpc: true,
  grants: ownSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      holding: (secret, seconds) =>
        lookAt(secrets, secret, async (client) => ({
          transactions: (await client.query<OpenTransaction>(HOLDING, [seconds])).rows,
        })),
      watch: (secret, of) => lookAt(secrets, secret, (client) => watch(client, of)),
      end: (secret, application, pids = []) =>
        lookAt(secrets, secret, async (client) => {
          const { rowCount } = await client.query(END, [application, pids]);
          return { ended: rowCount ?? 0 };
        }),
    };
  },
};
