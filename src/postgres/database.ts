import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import type { Leftovers } from '../domain/migrations/pending';
import type { HistoryPlace } from '../domain/migrations/types';
import type { SchemaState } from '../domain/rollback/choice';
import type { Port } from '../domain/step/port';
import { leftoversOf, ownTables, readHistory, recordedIn } from '../migrations/history';
import { type Address, lookAt } from './connection';
import { fingerprintOf } from './fingerprint';
import { readSecret } from './secrets';

/** The application's database, as a deployment looks at it. Nothing is written through it. */
export interface Database {
  /**
   * The schema and the migration history, in one read-only transaction, or why the database cannot be read.
   * `backends` are the process ids of the deployment's migration sessions. With `at` it is looked at another address.
   */
  look(secret: string, place: HistoryPlace, of: Migrators, at?: Address): Promise<SchemaRead>;
}

/** How the sessions of a deployment's migrations are known. */
export interface Migrators {
  /** The application name that they were given. */
  application: string;
  /** The application's, beside the secret's own user. */
  roles: string[];
  /** An instant of the database's clock before they began; absent when nobody looked then. */
  since?: string;
}
export type SchemaRead =
  | { schema: SchemaState; leftovers: Leftovers; backends: number[] }
  | { unreachable: string };

/**
 * Programs that speak JDBC take neither name nor options from their environment. So a session that began since, under the
 * role of the application, and holds or wants a lock that only changes of the schema take, is a migration's as well.
 * Source: PostgreSQL documentation, "Explicit Locking"; OIDs below 16384 are the server's own.
 */
const BACKENDS = `
SELECT pid FROM pg_stat_activity a
WHERE application_name = $1 OR (
  datname = current_database() AND usename = ANY (array_append($3::name[], current_user::name))
  AND backend_type = 'client backend'
  AND application_name NOT LIKE 'greenlight-%' AND backend_start >= $2::timestamptz
  AND EXISTS (
    SELECT FROM pg_locks l
    WHERE l.pid = a.pid AND l.locktype = 'relation' AND l.relation >= 16384
      AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')))
ORDER BY pid`;

async function inspect(
  client: Client,
  place: HistoryPlace,
  { application, roles, since = 'infinity' }: Migrators,
): Promise<Exclude<SchemaRead, { unreachable: string }>> {
  const history = await readHistory(client, place);
  const fingerprint = await fingerprintOf(client, ownTables(place));
  const backends = await client.query<{ pid: number }>(BACKENDS, [application, since, roles]);
  return {
    schema: { fingerprint, ...recordedIn(history) },
    leftovers: leftoversOf(history),
    backends: backends.rows.map(({ pid }) => pid),
  };
}

export const database: Port<Database> = {
  inVpc: true,
  grants: readSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      look: (secret, place, of, at) => lookAt(secrets, secret, (client) => inspect(client, place, of), at),
    };
  },
};
