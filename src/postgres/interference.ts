import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { OpenTransaction, Watched } from '../domain/database/migration-task';
import type { Port } from '../domain/step/port';
import { lookAt } from './connection';
import { ownSecret } from './secrets';

/** What is done about sessions that stand in the way of a run of the migrations, by the user that may end them. */
export interface Interference {
  /** Transactions that have been open for so long and hold a lock on a table, prepared ones too, the oldest first, five at most. */
  holding(
    secret: string,
    seconds: number,
  ): Promise<{ transactions: OpenTransaction[] } | { unreachable: string }>;
  /**
   * Looks at a migration's sessions, which bear a name or began under the application's role within so many seconds, and
   * cancels what they do where it has waited for longer than `seconds` for a lock behind which others wait.
   */
  watch(
    secret: string,
    of: { application: string; roles: string[]; withinSeconds: number },
    seconds: number,
  ): Promise<Watched | { unreachable: string }>;
  /**
   * Ends the sessions of an application name. Resolves with how many there were; a server may take its time to end them.
   * Source: PostgreSQL documentation, "Server Signaling Functions".
   */
  end(secret: string, application: string): Promise<{ ended: number } | { unreachable: string }>;
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

/**
 * A session that bears no name of ours is the migration's when it began with it, under the application's role, and holds or
 * wants a lock that only changes of the schema take. Source: PostgreSQL documentation, "Explicit Locking" and pg_locks;
 * waitstart is there since version 14.
 */
const WATCH = `
WITH ours AS (
  SELECT a.pid, a.application_name AS name, a.application_name = $1 AS named
  FROM pg_stat_activity a
  WHERE a.datname = current_database() AND (a.application_name = $1 OR (
    a.usename = ANY (array_append($4::name[], current_user::name)) AND a.backend_type = 'client backend' AND a.application_name NOT LIKE 'greenlight-%'
    AND a.backend_start >= now() - make_interval(secs => $2)
    AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'relation' AND l.relation >= 16384
      AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')))))
SELECT o.name, o.named, w.seconds, w.table, CASE WHEN w.table IS NOT NULL THEN pg_cancel_backend(o.pid) END AS cancelled
FROM ours o LEFT JOIN LATERAL (
  SELECT extract(epoch FROM now() - l.waitstart)::int AS seconds, l.relation::regclass::text AS table
  FROM pg_locks l
  WHERE l.pid = o.pid AND NOT l.granted AND l.locktype = 'relation'
    AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    AND l.waitstart < now() - make_interval(secs => $3) LIMIT 1) w ON true`;

const END = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1';

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
      watch: (secret, { application, roles, withinSeconds }, seconds) =>
        lookAt(secrets, secret, async (client) => {
          const { rows } = await client.query<{
            name: string;
            named: boolean;
            seconds: number;
            table: string;
            cancelled: boolean | null;
          }>(WATCH, [application, withinSeconds, seconds, roles]);
          return {
            named: rows.filter(({ named }) => named).length,
            unnamed: rows.filter(({ named }) => !named).length,
            cancelled: rows
              .filter(({ cancelled }) => cancelled)
              .map(({ name, seconds: waited, table }) => ({ name, seconds: waited, table })),
          };
        }),
      end: (secret, application) =>
        lookAt(secrets, secret, async (client) => {
          const { rowCount } = await client.query(END, [application]);
          return { ended: rowCount ?? 0 };
        }),
    };
  },
};
