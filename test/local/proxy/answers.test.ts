import http from 'node:http';
import { closers, forward, listen, open, origin } from './balanced';
import { wireClient, wireTarget } from './wire';

const GET = 'GET / HTTP/1.1\r\nhost: shop\r\n\r\n';
const LAST_GET = 'GET / HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n';

/** A load balancer before a target that answers every request with the same bytes. */
async function answering(bytes: string, { end = false } = {}) {
  const target = await wireTarget((socket) => {
    socket.write(bytes, 'latin1');
    if (end) socket.end();
  });
  const { listener, tally, url } = await listen(forward([open('blue', target.port), 1]));
  return { target, port: listener.port, tally, url };
}

describe('the head of an answer', () => {
  it('keeps the names, the order and the repetition of its headers, and what is its own connection’s stays behind', async () => {
    const { url } = await answering(
      'HTTP/1.1 200 Fine\r\nX-Trace-ID: AbC\r\nSet-Cookie: a=1\r\nx-empty:\r\nSET-COOKIE: b=2\r\n' +
        'Date: Thu, 05 Nov 2026 10:00:00 GMT\r\nX-Latin: caf\xe9\r\n' +
        'Keep-Alive: timeout=7\r\nUpgrade: h2c\r\nConnection: Upgrade, keep-alive\r\nContent-Length: 2\r\n\r\nok',
    );
    const { rawHeaders } = await new Promise<http.IncomingMessage>((resolve) => {
      http.get(url, { agent: false }, (response) => resolve(response.resume()));
    });
    expect(rawHeaders.slice(0, 14)).toEqual([
      ...['X-Trace-ID', 'AbC', 'Set-Cookie', 'a=1', 'x-empty', '', 'SET-COOKIE', 'b=2'],
      ...['Date', 'Thu, 05 Nov 2026 10:00:00 GMT', 'X-Latin', 'caf\xe9', 'Content-Length', '2'],
    ]);
    expect(rawHeaders.slice(14)).toEqual(['Connection', 'close']);
  });

  it('goes out before there is a body', async () => {
    const finish: (() => void)[] = [];
    const slow = await origin('a', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      finish.push(() => response.end('done'));
    });
    const { listener } = await listen(forward([open('blue', slow.port), 1]));
    const client = wireClient(listener.port, LAST_GET);
    await client.gets('text/event-stream');
    finish[0]!();
    expect(await client.whole).toContain('done');
  });

  it('may follow interim ones, which stay behind', async () => {
    const { port, tally } = await answering(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
    );
    const answer = await wireClient(port, LAST_GET).whole;
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).not.toContain('link');
    expect(tally.take()).toMatchObject({ requests: 1, answers: [1, 0, 0, 0], ownFaults: 0 });
  });

  it.each([
    ['is no HTTP', 'hello\r\n\r\n'],
    ['has no end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`],
    ['says two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['says a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
    [
      'says a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['has a status that is none', 'HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n'],
    ['has a header with a blank in its name', 'HTTP/1.1 200 OK\r\nx y: 1\r\ncontent-length: 0\r\n\r\n'],
    ['goes on as it must not', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 Switching\r\nupgrade: chat\r\nconnection: upgrade\r\n\r\n'],
  ])('that %s is answered with 502', async (_, bytes) => {
    const { port, tally } = await answering(bytes);
    expect(await wireClient(port, LAST_GET).whole).toMatch(/^HTTP\/1\.1 502 /);
    expect(tally.take()).toMatchObject({
      requests: 1,
      answers: [0, 0, 0, 0],
      ownFaults: 1,
      connectionFaults: 0,
    });
  });

  it('that is cut off is answered with 502', async () => {
    const { port } = await answering('HTTP/1.1 200 OK\r\ncontent-le', { end: true });
    expect(await wireClient(port, LAST_GET).whole).toMatch(/^HTTP\/1\.1 502 /);
  });
});

describe('the body of an answer', () => {
  it('without a length lasts until the target closes its connection', async () => {
    const { port } = await answering('HTTP/1.1 200 OK\r\n\r\nall of it', { end: true });
    const client = wireClient(port, LAST_GET);
    expect(await client.whole).toMatch(/\r\n\r\n9\r\nall of it\r\n0\r\n\r\n$/);
  });

  it('arrives whole however the network cuts it', async () => {
    const bytes =
      'HTTP/1.1 200 OK\r\nx-one: 1\r\nx-two: 2\r\ntransfer-encoding: chunked\r\n\r\n3;note=1\r\nabc\r\n4\r\ndefg\r\n0\r\nx-trailer: 1\r\n\r\n';
    const target = await wireTarget(async (socket) => {
      for (const byte of bytes) {
        socket.write(byte);
        await new Promise(setImmediate);
      }
    });
    const { url } = await listen(forward([open('blue', target.port), 1]));
    const response = await fetch(url);
    expect([response.headers.get('x-one'), response.headers.get('x-two'), await response.text()]).toEqual([
      '1',
      '2',
      'abcdefg',
    ]);
  });

  it.each([
    ['stops in the middle of a chunk', 'transfer-encoding: chunked\r\n\r\n5\r\nabc'],
    ['stops before its last chunk', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'],
    ['stops before its length', 'content-length: 5\r\n\r\nabc'],
  ])('that %s is cut for the client as well', async (_, rest) => {
    const { port, tally } = await answering(`HTTP/1.1 200 OK\r\n${rest}`, { end: true });
    const answer = await wireClient(port, GET).whole;
    expect(answer).toContain('abc');
    expect(answer).not.toContain('\r\n0\r\n\r\n');
    expect(tally.take()).toMatchObject({ answers: [1, 0, 0, 0], ownFaults: 0 });
  });
});

describe('a connection to a target', () => {
  const ask = async (url: string, method = 'GET') => {
    const agent = new http.Agent();
    closers.push(async () => agent.destroy());
    return new Promise<string>((resolve, reject) => {
      const request = http.request(url, { agent, method }, (response) => {
        let text = '';
        response.on('data', (data) => {
          text += data;
        });
        response.on('end', () => resolve(`${response.statusCode} ${text}`));
      });
      request.on('error', reject).end();
    });
  };
  const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n';

  it('carries one request after the other', async () => {
    const { target, url } = await answering(`${OK}\r\nok`);
    for (let n = 0; n < 5; n++) expect(await ask(url)).toBe('200 ok');
    expect(target.received).toHaveLength(1);
  });

  it.each([
    ['says that it closes', `${OK}connection: close\r\n\r\nok`],
    [
      'says that it keeps idle connections for hardly longer than a request takes',
      `${OK}keep-alive: timeout=2\r\n\r\nok`,
    ],
    ['speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['sends more than its answer', `${OK}\r\nok${OK}\r\nok`],
  ])('carries one request only when the target %s', async (_, bytes) => {
    const { target, url } = await answering(bytes);
    for (let n = 0; n < 3; n++) expect(await ask(url)).toBe('200 ok');
    expect(target.received).toHaveLength(3);
  });

  it('carries the next request also after an answer that came faster than it could be handed on', async () => {
    const chunk = `5000\r\n${'x'.repeat(0x5000)}\r\n`;
    const { target, url } = await answering(
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`,
    );
    for (let n = 0; n < 5; n++) expect((await ask(url)).length).toBe('200 '.length + 2 * 0x5000);
    expect(target.received).toHaveLength(1);
  });

  it('carries nothing after a request for a head, whose answer may have a body even so', async () => {
    const target = await wireTarget((socket, text) => {
      socket.write(text.startsWith('HEAD') ? `${OK}\r\n` : `${OK}\r\nok`);
    });
    const { url } = await listen(forward([open('blue', target.port), 1]));
    expect([await ask(url, 'HEAD'), await ask(url), await ask(url)]).toEqual(['200 ', '200 ok', '200 ok']);
    expect(target.received.map((text) => /connection: (.*)\r/.exec(text)![1])).toEqual([
      'close',
      'keep-alive',
    ]);
  });
});
