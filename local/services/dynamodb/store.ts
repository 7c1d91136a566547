import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { REGION } from '../../names';

/** A dynalite in this process, and a client of it. */
export interface Store {
  client(): Promise<DynamoDB>;
  close(): Promise<void>;
}

const listen = (server: Server) =>
  new Promise<DynamoDB>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve(
        new DynamoDB({
          endpoint: `http://127.0.0.1:${port}`,
          region: REGION,
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
          // Its caller retries; a second layer of retries would hide that.
          maxAttempts: 1,
        }),
      );
    });
  });

/** Opens the store, in memory and on a free loopback port; its tables are usable as soon as they are created. */
export function openStore(): Store {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const connected = listen(server);
  // A failure to listen reaches whoever asks for the client.
  connected.catch(() => {});
  return {
    client: () => connected,
    close: async () => {
      (await connected).destroy();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
