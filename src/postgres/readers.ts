import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import { type Address, lookAt } from './connection';

/** An instance that shows what another one writes. Who works on it is to be seen there alone. */
export interface ReaderAt {
  name: string;
  status: string;
  address?: Address;
}

/** What was seen of each instance; `reader` is undefined for the one that writes. */
export type Looks<Seen> = { reader?: string; seen: Seen | { unreachable: string } }[];

const SECONDS = 'SELECT extract(epoch FROM now() - $1::timestamptz)::float8 AS seconds';
const INSTANT = 'SELECT (now() - make_interval(secs => $1))::text AS instant';

/**
 * Looks at the instance that writes and at its readers, with an instant of the writer's clock in each one's own: their clocks need
 * not agree, so what is told is how long it is ago. Between the two looks time passes, which makes the instant a little later for a reader,
 * and more counts as older, never less.
 */
export async function lookEverywhere<Seen extends object>(
  secrets: SecretsManagerClient,
  secret: string,
  instant: string,
  readers: readonly ReaderAt[],
  look: (client: Client, instant: string) => Promise<Seen>,
): Promise<Looks<Seen> | { unreachable: string }> {
  const writer = await lookAt(secrets, secret, async (client) => {
    const { rows } = await client.query<{ seconds: number }>(SECONDS, [instant]);
    return { seen: await look(client, instant), seconds: rows[0]!.seconds };
  });
  if ('unreachable' in writer) return writer;
  const others = await Promise.all(
    readers.map(async ({ name, status, address }) => ({
      reader: name,
      seen: address
        ? await lookAt(secrets, secret, (client) => from(client, writer.seconds, look), address)
        : { unreachable: `it is ${status}` },
    })),
  );
  return [{ seen: writer.seen }, ...others];
}

async function from<Seen>(
  client: Client,
  seconds: number,
  look: (client: Client, instant: string) => Promise<Seen>,
): Promise<Seen> {
  const { rows } = await client.query<{ instant: string }>(INSTANT, [seconds]);
  return look(client, rows[0]!.instant);
}
