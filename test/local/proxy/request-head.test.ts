import { forward, listen, open } from './balanced';
import { wireClient, wireTarget } from './wire';

/** What a target gets of a request that is its client’s only one, and what the client gets. */
async function passed(request: string) {
  const { port, received } = await wireTarget((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
  const { listener } = await listen(forward([open('blue', port), 1]));
  const client = wireClient(listener.port, request);
  await client.gets('\r\n\r\n');
  return { lines: (received[0] ?? '').split('\r\n'), status: client.text().split(' ', 2)[1], port, listener };
}

describe('the head of a request', () => {
  it('keeps the names, the order and the repetition of its headers', async () => {
    const { lines } = await passed(
      'GET /a%20b?c=d&c=e HTTP/1.1\r\nHost: shop\r\nX-Tag: 1\r\naccept: */*\r\nx-TAG: 2\r\nx-latin: caf\xe9\r\n\r\n',
    );
    expect(lines.slice(0, 6)).toEqual([
      'GET /a%20b?c=d&c=e HTTP/1.1',
      'Host: shop',
      'X-Tag: 1',
      'accept: */*',
      'x-TAG: 2',
      'x-latin: caf\xe9',
    ]);
  });

  it('loses what is its connection’s, and what the connection names', async () => {
    const { lines } = await passed(
      'GET / HTTP/1.1\r\nhost: shop\r\nConnection: keep-alive, X-Mine\r\nx-mine: 1\r\nTE: trailers\r\nproxy-connection: close\r\nkeep-alive: timeout=5\r\nx-kept: 1\r\n\r\n',
    );
    const names = lines.slice(1, -2).map((line) => line.split(':', 1)[0]);
    expect(names).toEqual([
      ...['host', 'x-kept', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port', 'connection'],
    ]);
    expect(lines).toContain('connection: keep-alive');
  });

  it('tells the client’s address after those that were told before, whatever it says of the rest', async () => {
    const { lines, listener } = await passed(
      'GET / HTTP/1.1\r\nhost: shop\r\nX-Forwarded-For: 10.1.1.1\r\nx-forwarded-for: 10.2.2.2\r\nx-forwarded-proto: https\r\nX-Forwarded-Port: 1\r\n\r\n',
    );
    expect(lines.filter((line) => /^x-forwarded/i.test(line))).toEqual([
      'x-forwarded-for: 10.1.1.1, 10.2.2.2, 127.0.0.1',
      'x-forwarded-proto: http',
      `x-forwarded-port: ${listener.port}`,
    ]);
  });

  it('names the target where the client named no host', async () => {
    const { lines, port } = await passed('GET / HTTP/1.0\r\n\r\n');
    expect(lines).toContain(`host: 127.0.0.1:${port}`);
  });

  it.each([
    ['asks for no path', 'OPTIONS * HTTP/1.1\r\nhost: shop\r\n\r\n'],
    ['names two hosts', 'GET / HTTP/1.1\r\nhost: shop\r\nhost: other\r\n\r\n'],
    ['says two lengths', 'POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'says a length and chunks',
      'POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('that %s is answered with 400 and goes nowhere', async (_, request) => {
    const { lines, status } = await passed(request);
    expect([status, lines]).toEqual(['400', ['']]);
  });
});
