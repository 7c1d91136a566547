import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import type { OpenTransaction } from '../domain/database/migration-task';
import type { Port } from '../domain/step/port';
import { LOOKING, lookAt } from './connection';
import { readSecret } from './database';

/** Who works on the application's database under its role. */
export interface Sessions {
  /**
   * Sessions that began before an instant of the database's own clock, counted by application name, Greenlight's left
   * out. Source: PostgreSQL documentation, "The Cumulative Statistics System", pg_stat_activity.
   */
  olderThan(
    secret: string,
    instant: string,
  ): Promise<{ sessions: Record<string, number> } | { unreachable: string }>;
  /** All sessions but the platform's own and the deployment's looks, whosever they are, by application name. */
  clients(secret: string): Promise<{ sessions: Record<string, number> } | { unreachable: string }>;
  /** Sessions with a transaction that has been open for so long and holds a lock on a table, the oldest first, five at most. */
  holding(
    secret: string,
    seconds: number,
  ): Promise<{ transactions: OpenTransaction[] } | { unreachable: string }>;
  /**
   * Ends the sessions of an application name. Resolves with how many there were; a server may take its time to end them.
   * Source: PostgreSQL documentation, "Server Signaling Functions".
   */
  end(secret: string, application: string): Promise<{ ended: number } | { unreachable: string }>;
  /** What the database's clock says: its sessions are dated by it, and by no other. */
  clock(secret: string): Promise<{ at: string } | { unreachable: string }>;
}

const OLDER = `
SELECT coalesce(nullif(application_name, ''), 'an unnamed application') AS name, count(*)::int AS count
FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND backend_type = 'client backend'
  AND pid <> pg_backend_pid() AND application_name NOT LIKE 'greenlight-%' AND backend_start < $1::timestamptz
GROUP BY 1 ORDER BY 1`;

/**
 * The name of a session is visible to everybody, its kind only to members of its role, so an unknown kind counts as a
 * client. Superusers are RDS's own.
 */
const CLIENTS = `
SELECT coalesce(nullif(a.application_name, ''), 'an unnamed application') AS name, count(*)::int AS count
FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND NOT r.rolsuper
  AND coalesce(a.backend_type, 'client backend') = 'client backend' AND a.application_name <> $1
GROUP BY 1 ORDER BY 1`;

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
GROUP BY a.pid, a.application_name, a.xact_start ORDER BY a.xact_start LIMIT 5`;

const END = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1';

async function counted(client: Client, sql: string, value: string): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; count: number }>(sql, [value]);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

export const sessions: Port<Sessions> = {
  inVpc: true,
  grants: [readSecret],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      clock: (secret) =>
        lookAt(secrets, secret, async (client) => {
          const { rows } = await client.query<{ at: string }>('SELECT now()::text AS at');
          return { at: rows[0]?.at ?? '' };
        }),
      olderThan: (secret, instant) =>
        lookAt(secrets, secret, async (client) => ({ sessions: await counted(client, OLDER, instant) })),
      holding: (secret, seconds) =>
        lookAt(secrets, secret, async (client) => ({
          transactions: (await client.query<OpenTransaction>(HOLDING, [seconds])).rows,
        })),
      end: (secret, application) =>
        lookAt(secrets, secret, async (client) => {
          const { rowCount } = await client.query(END, [application]);
          return { ended: rowCount ?? 0 };
        }),
      clients: (secret) =>
        lookAt(secrets, secret, async (client) => ({ sessions: await counted(client, CLIENTS, LOOKING) })),
    };
  },
};
