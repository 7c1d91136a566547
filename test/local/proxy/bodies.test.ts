import { once } from 'node:events';
import http from 'node:http';
import { forward, listen, open } from './balanced';
import { agentOf, collect, hashOf, MIB, pour, sample, target } from './streams';
import { wireClient, wireTarget } from './wire';

/** More than all sockets and streams between two ends hold; much less than the sample. */
const HELD = 32 * MIB;

/** Resolves when a count has not grown for a while. */
async function stalled(count: () => number): Promise<number> {
  let before = -1;
  while (count() !== before) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return before;
}

/** Sends a body, with its length or in chunks, and resolves with the answer’s. */
function send(url: string, body: Buffer, { agent = agentOf(), sized = true } = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = sized ? { 'content-length': body.length } : { 'transfer-encoding': 'chunked' };
    const request = http.request(url, { method: 'PUT', agent, headers }, (response) =>
      resolve(collect(response)),
    );
    request.on('error', reject);
    request.write(body.subarray(0, body.length / 2));
    request.end(body.subarray(body.length / 2));
  });
}

describe('a body', () => {
  it.each([
    ['its length', true],
    ['chunks', false],
  ])('of any bytes comes through both ways with %s', async (_, sized) => {
    const { url } = await listen(forward([await target((request, response) => request.pipe(response)), 1]));
    const body = sample.subarray(0, 5 * MIB + 1);
    expect(hashOf(await send(url, body, { sized }))).toBe(hashOf(body));
  });

  it('comes back to the one who sent it', async () => {
    const { url } = await listen(forward([await target((request, response) => request.pipe(response)), 1]));
    const agent = agentOf();
    const bodies = Array.from({ length: 200 }, (_, n) => Buffer.from(`body ${n} `.repeat(n + 1)));
    const answers = await Promise.all(
      bodies.map((body, n) => send(url, body, { agent, sized: n % 2 === 0 })),
    );
    expect(answers.map(String)).toEqual(bodies.map(String));
  });

  it('in chunks goes on in chunks, without what follows the last', async () => {
    const { port, received } = await wireTarget((socket, text) => {
      if (text.includes('0\r\n\r\n')) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    });
    const { listener } = await listen(forward([open('blue', port), 1]));
    const head = 'POST / HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n';
    const client = wireClient(
      listener.port,
      `${head}3;note=1\r\nabc\r\n1a\r\n${'d'.repeat(26)}\r\n0\r\nx-trailer: 1\r\n\r\n`,
    );
    await client.gets('204 No Content');
    const [own, body] = received[0]!.split('\r\n\r\n');
    expect(own).toContain('transfer-encoding: chunked');
    expect(body).toBe(`3\r\nabc\r\n1a\r\n${'d'.repeat(26)}\r\n0`);
  });

  it('waits for a target that does not read it', async () => {
    let read: () => void = () => {};
    const blue = await target((request, response) => {
      request.pause();
      read = () => collect(request).then((body) => response.end(hashOf(body)));
    });
    const { url } = await listen(forward([blue, 1]));
    const request = http.request(url, { method: 'POST', agent: agentOf() });
    const answer = new Promise<Buffer>((resolve) =>
      request.on('response', (response) => resolve(collect(response))),
    );
    const taken = pour(request);
    expect(await stalled(taken)).toBeLessThan(HELD);
    read();
    expect(String(await answer)).toBe(hashOf(sample));
  });

  it('waits for a client that does not read it', async () => {
    let taken: () => number = () => 0;
    const blue = await target((_, response) => {
      taken = pour(response);
    });
    const { url } = await listen(forward([blue, 1]));
    const response = await new Promise<http.IncomingMessage>((resolve) => {
      http.get(url, { agent: agentOf() }, resolve);
    });
    expect(await stalled(taken)).toBeLessThan(HELD);
    expect(hashOf(await collect(response))).toBe(hashOf(sample));
  });

  it('waits for a client also in small parts', async () => {
    const PART = 8 * 1024;
    let taken = 0;
    const blue = await target(async (_, response) => {
      for (; taken < 2 * HELD; taken += PART) {
        const full = !response.write(sample.subarray(taken, taken + PART));
        await (full ? once(response, 'drain') : new Promise(setImmediate));
      }
      response.end();
    });
    const { url } = await listen(forward([blue, 1]));
    const response = await new Promise<http.IncomingMessage>((resolve) => {
      http.get(url, { agent: agentOf() }, resolve);
    });
    expect(await stalled(() => taken)).toBeLessThan(HELD);
    expect(hashOf(await collect(response))).toBe(hashOf(sample));
  });

  it('that its target does not wait for goes nowhere, and least of all before the next request', async () => {
    const { port, received } = await wireTarget((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    const { listener } = await listen(forward([open('blue', port), 1]));
    const client = wireClient(
      listener.port,
      'POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 9\r\n\r\nfirst',
    );
    await client.gets('ok');
    client.socket.write('rest' + 'GET /next HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n');
    expect((await client.whole).match(/200 OK/g)).toHaveLength(2);
    expect(received.map((text) => text.split(' HTTP', 1)[0])).toEqual(['POST /', 'GET /next']);
  });
});
