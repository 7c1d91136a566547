import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import type { ToolName } from '../domain/migrations/types';
import { definePort, type Grant } from '../domain/port';
import type { SchemaState } from '../domain/rollback';
import { appliedIds, ownTables, readHistory } from '../migrations/history';
import { type Address, lookAt } from './connection';
import { fingerprintOf } from './fingerprint';

/** The application's database, as a deployment looks at it. Nothing is written through it. */
export interface Database {
  /**
   * The schema and the migration history, in one read-only transaction, or why the database cannot be read.
   * `backends` counts sessions under the given application name. With `at` it is looked at another address.
   */
  look(secret: string, tool: ToolName, application: string, at?: Address): Promise<Look>;
}
export type Look = { schema: SchemaState; backends: number } | { unreachable: string };

async function inspect(
  client: Client,
  tool: ToolName,
  application: string,
): Promise<Exclude<Look, { unreachable: string }>> {
  const applied = appliedIds(await readHistory(client, tool));
  const fingerprint = await fingerprintOf(client, ownTables(tool));
  const backends = await client.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1',
    [application],
  );
  return {
    schema: { fingerprint, applied },
    backends: backends.rows[0]?.n ?? 0,
  };
}

/** Whoever looks at the database needs its secret, and nothing else of AWS. */
export const readSecret: Grant = {
  sid: 'DatabaseSecret',
  actions: ['secretsmanager:GetSecretValue'],
  on: ['secrets'],
};

export const database = definePort<Database>({
  inVpc: true,
  grants: [readSecret],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      look: (secret, tool, application, at) =>
        lookAt(secrets, secret, (client) => inspect(client, tool, application), at),
    };
  },
});
