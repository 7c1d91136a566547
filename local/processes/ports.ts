import { createServer } from 'node:net';

/**
 * Below the range from which Linux (32768-60999) and macOS (49152-65535) take the ports of outgoing connections: a
 * port found free here is not taken by a client before the server that it was found for listens on it.
 */
const FIRST = 20_000;
const COUNT = 12_000;

/** Ports given out before are not given again: their servers may not listen yet. */
const given = new Set<number>();

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A loopback port on which nothing listens; each call gives another one. */
export async function freePort(): Promise<number> {
  // when every port was given once, the old ones may come again
  if (given.size >= COUNT / 2) given.clear();
  for (let attempt = 0; attempt < COUNT; attempt++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${FIRST + COUNT}; end some programs that listen there`);
}
