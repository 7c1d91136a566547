import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { closers, open } from './balanced';

export const MIB = 1024 * 1024;
export const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** An HTTP target whose bodies are its own affair; it ends with its test. */
export async function target(respond: http.RequestListener) {
  const server = http.createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return open('blue', (server.address() as AddressInfo).port);
}

/** More than all sockets and streams between two ends hold; no two parts are alike. */
export const sample = randomBytes(64 * MIB);

/** Writes the sample as fast as it is taken; tells how many bytes were taken so far. */
export function pour(stream: NodeJS.WritableStream): () => number {
  let taken = 0;
  const more = () => {
    while (taken < sample.length) {
      const part = sample.subarray(taken, taken + MIB / 4);
      taken += part.length;
      if (!stream.write(part)) return;
    }
    stream.end();
  };
  stream.on('drain', more);
  more();
  return () => taken;
}

export async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Keeps its connections, until its test ends. */
export const agentOf = () => {
  const agent = new http.Agent({ keepAlive: true });
  closers.push(async () => agent.destroy());
  return agent;
};
