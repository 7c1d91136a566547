import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import type { Port } from '../domain/step/port';
import { LOOKING, lookAt } from './connection';
import { lookEverywhere, type ReaderAt } from './readers';
import { missingRights } from './rights';
import { readSecret } from './secrets';

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
  /**
   * What the user that looks lacks to see all that it has to, each as the end of "it …".
   * @param roles the application's
   */
  rights(secret: string, roles: string[]): Promise<{ missing: string[] } | { unreachable: string }>;
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
  grants: readSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      clock: (secret) =>
        lookAt(secrets, secret, async (client) => {
          const { rows } = await client.query<DatabaseClock>(CLOCK);
          return rows[0]!;
        }),
      rights: (secret, roles) =>
        lookAt(secrets, secret, async (client) => ({ missing: await missingRights(client, roles) })),
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
      clients: (secret) =>
        lookAt(secrets, secret, async (client) => ({ sessions: await counted(client, CLIENTS, LOOKING) })),
    };
  },
};
