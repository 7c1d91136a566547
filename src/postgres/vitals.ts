import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import type { Connections } from '../domain/database/connections';
import type { Vitals, VitalsRead } from '../domain/evidence/database';
import type { Port } from '../domain/step/port';
import { lookAt } from './connection';
import { readSecret } from './secrets';
import { queries } from './validation/upkeep/queries';
import { within } from './validation/within';

/** How the database is doing while users are on a new version. */
export interface VitalsReader {
  /** @param blockedSeconds how long a session waits for a lock before it counts as blocked */
  of(secret: string, blockedSeconds: number): Promise<VitalsRead>;
  /** @param live addresses of the live version's tasks */
  connections(secret: string, live: string[]): Promise<Connections | { unreachable: string }>;
}

/**
 * Counts only: no query, no user, no value. `pg_locks.waitstart` is readable by every role, unlike the wait events of
 * other roles' sessions. Source: PostgreSQL documentation, "pg_locks", "The Cumulative Statistics System".
 */
const VITALS = `
  SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE datid IS NOT NULL
            AND coalesce(backend_type, 'client backend') = 'client backend') AS connections,
         current_setting('max_connections')::int AS max_connections,
         (SELECT count(DISTINCT pid)::int FROM pg_locks
           WHERE NOT granted AND waitstart < clock_timestamp() - make_interval(secs => $1)) AS blocked`;

/**
 * Amazon RDS keeps some for its own administrators. Sources: PostgreSQL documentation, "Connections and Authentication"; Amazon
 * RDS User Guide, "Working with parameters", rds.rds_superuser_reserved_connections.
 */
const CONNECTIONS = `
  SELECT count(*)::int AS used, current_setting('max_connections')::int AS most,
         (SELECT sum(setting::int)::int FROM pg_settings WHERE name IN
            ('superuser_reserved_connections', 'reserved_connections', 'rds.rds_superuser_reserved_connections')) AS reserved,
         (count(*) FILTER (WHERE host(client_addr) = ANY($1)))::int AS live
    FROM pg_stat_activity WHERE coalesce(backend_type, 'client backend') = 'client backend'`;

/** A standby that has replayed all it was sent reports no lag once nothing is written: it has none. */
const STANDBYS = `
  SELECT count(*)::int AS standbys,
         max(CASE WHEN sent_lsn = replay_lsn THEN 0 ELSE extract(epoch FROM replay_lag) END)::float8 AS lag
    FROM pg_stat_replication`;

/** A look is for the sessions; what counts statements is evidence besides, where it answers soon. */
const QUERIES_SECONDS = 2;

async function read(client: Client, blockedSeconds: number): Promise<Vitals> {
  const sessions = await client.query<{ connections: number; max_connections: number; blocked: number }>(
    VITALS,
    [blockedSeconds],
  );
  const replication = await client.query<{ standbys: number; lag: number | null }>(STANDBYS);
  const { connections = 0, max_connections = 1, blocked = 0 } = sessions.rows[0] ?? {};
  const { standbys = 0, lag = null } = replication.rows[0] ?? {};
  const counted = await within(client, QUERIES_SECONDS, queries);
  return {
    ...{ connections, maxConnections: max_connections, blocked, standbys, lagSeconds: lag },
    ...('queries' in counted && { queries: counted.queries }),
  };
}

export const vitals: Port<VitalsReader> = {
  inVpc: true,
  grants: readSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      of: (secret, blockedSeconds) => lookAt(secrets, secret, (client) => read(client, blockedSeconds)),
      connections: (secret, live) =>
        lookAt(secrets, secret, async (client) => {
          const { rows } = await client.query<Connections>(CONNECTIONS, [live]);
          return rows[0]!;
        }),
    };
  },
};
