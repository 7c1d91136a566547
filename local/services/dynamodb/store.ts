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

/**
 * Opens the store on a free loopback port, its data in a new folder or in memory; its tables are usable as soon as they
 * are created. In memory every item holds on to the 8 KB of Node.js's pool of which its bytes are a part.
 */
export function openStore(path?: string): Store {
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
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
