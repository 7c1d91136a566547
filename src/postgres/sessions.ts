import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import type { OpenTransaction, Watched } from '../domain/database/migration-task';
import type { Port } from '../domain/step/port';
import { LOOKING, lookAt } from './connection';
import { readSecret } from './database';
import { lookEverywhere, type ReaderAt } from './readers';

/** Sessions of the application that are older than a deployment, and who works on the database besides. */
export interface OldSessions {
  /** By application name. */
  sessions: Record<string, number>;
  /** Has the application any session at all, old or new? */
  works: boolean;
  /** Other roles that have one. */
  strangers: string[];
}

/** The clock of a database, and what kind of one it is. */
export interface DatabaseClock {
  at: string;
  aurora: boolean;
  reads: boolean;
}

/** Who works on the application's database under its role. */
export interface Sessions {
  /**
   * Sessions of the application that began before an instant of the database's own clock, counted by application name,
   * Greenlight's left out; and who works on the database now. Source: PostgreSQL documentation, "The Cumulative Statistics
   * System", pg_stat_activity, which knows those of one instance alone.
   * @param roles the application's, beside the secret's own
   * @param readers of the database: an old session on one of them is one, and one that cannot be looked at hides them
   */
  olderThan(
    secret: string,
    roles: string[],
    instant: string,
    readers: readonly ReaderAt[],
  ): Promise<OldSessions | { unreachable: string }>;
  /** All sessions but the platform's own and the deployment's looks, whosever they are, by application name. */
  clients(secret: string): Promise<{ sessions: Record<string, number> } | { unreachable: string }>;
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
  /**
   * What the database's clock says, by which its sessions are dated and by no other; whether it is Amazon Aurora's, and whether it
   * only shows what another instance writes.
   */
  clock(secret: string): Promise<DatabaseClock | { unreachable: string }>;
}

/** Source: Amazon Aurora User Guide, "aurora_version", a function that no other PostgreSQL has. */
const CLOCK = `
SELECT now()::text AS at, to_regproc('aurora_version') IS NOT NULL AS aurora, pg_is_in_recovery() AS reads`;

/**
 * When a session began is visible only to members of its role, so one of which nobody knows it counts as old.
 */
const OLDER = `
SELECT coalesce(nullif(application_name, ''), 'an unnamed application') AS name, count(*)::int AS count
FROM pg_stat_activity
WHERE datname = current_database() AND usename = ANY (array_append($2::name[], current_user::name))
  AND coalesce(backend_type, 'client backend') = 'client backend'
  AND pid <> pg_backend_pid() AND application_name NOT LIKE 'greenlight-%'
  AND (backend_start IS NULL OR backend_start < $1::timestamptz)
GROUP BY 1 ORDER BY 1`;

/** Who works on the database. Superusers are RDS's own, but for the application's where it is one. */
const ROLES = `
SELECT r.rolname::text AS role, r.rolname = ANY (array_append($1::name[], current_user::name)) AS own
FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
  AND (NOT r.rolsuper OR r.rolname = ANY (array_append($1::name[], current_user::name)))
  AND coalesce(a.backend_type, 'client backend') = 'client backend' AND a.application_name NOT LIKE 'greenlight-%'
GROUP BY r.rolname ORDER BY r.rolname`;

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

async function counted(client: Client, sql: string, ...values: unknown[]): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; count: number }>(sql, values);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

async function older(client: Client, roles: string[], instant: string): Promise<OldSessions> {
  const sessions = await counted(client, OLDER, instant, roles);
  const { rows } = await client.query<{ role: string; own: boolean }>(ROLES, [roles]);
  return {
    sessions,
    works: rows.some(({ own }) => own),
    strangers: rows.filter(({ own }) => !own).map(({ role }) => role),
  };
}

export const sessions: Port<Sessions> = {
  inVpc: true,
  grants: [readSecret],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      clock: (secret) =>
        lookAt(secrets, secret, async (client) => {
          const { rows } = await client.query<DatabaseClock>(CLOCK);
          return rows[0]!;
        }),
      async olderThan(secret, roles, instant, readers) {
        const looks = await lookEverywhere(secrets, secret, instant, readers, (client, since) =>
          older(client, roles, since),
        );
        if ('unreachable' in looks) return looks;
        const all: OldSessions = { sessions: {}, works: false, strangers: [] };
        for (const { reader, seen } of looks) {
          if ('unreachable' in seen) return { unreachable: `reader ${reader}: ${seen.unreachable}` };
          for (const [name, count] of Object.entries(seen.sessions))
            all.sessions[reader ? `${name} on reader ${reader}` : name] = count;
          all.works ||= seen.works;
          all.strangers = [...new Set([...all.strangers, ...seen.strangers])];
        }
        return all;
      },
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
      clients: (secret) =>
        lookAt(secrets, secret, async (client) => ({ sessions: await counted(client, CLIENTS, LOOKING) })),
    };
  },
};
