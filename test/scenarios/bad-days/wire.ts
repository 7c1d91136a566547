import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A stretch of network between a program and the database, which may fail. */
export interface Wire {
  port: number;
  /** Both sides are told that the connection is gone. */
  cut(): void;
  /** Nothing gets through any more, and nobody is told. */
  silence(): void;
  close(): void;
}

export async function startWire(to: { host: string; port: number }): Promise<Wire> {
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to);
    const both = [near, far] as const;
    for (const [one, other] of [both, [far, near] as const]) {
      ends.add(one);
      one.on('error', () => {});
      one.on('close', () => ends.delete(one));
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const end of ends) end.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    silence() {
      for (const end of ends) end.unpipe().pause();
    },
    close() {
      cut();
      server.close();
    },
  };
}
