import http from 'node:http';
import net from 'node:net';
import type { Action } from '../../../local/proxy/route';
import { manualClock } from '../manual-clock';
import { closers, forward, group, INTERVAL_MS, listen, open, openAt, origin, stateOf } from './balanced';
import { until } from './origin';

describe('a target group', () => {
  it('takes turns among its healthy targets', async () => {
    const [a, b] = [await origin('a'), await origin('b')];
    const { url } = await listen(forward([open('blue', a.port, b.port), 1]));
    for (let n = 0; n < 10; n++) await (await fetch(url)).text();
    expect([a.requests.length, b.requests.length]).toEqual([5, 5]);
  });

  it('leaves targets unused and unchecked until a rule names it', async () => {
    const a = await origin('a');
    const clock = manualClock();
    const blue = group('blue', { clock });
    blue.register('127.0.0.1', a.port);
    expect([stateOf(blue, a), clock.sleeping()]).toEqual(['unused', 0]);
    blue.use(true);
    expect(stateOf(blue, a)).toBe('initial');
    await until('the first check is over', () => clock.sleeping() === 1);
    expect(stateOf(blue, a)).toBe('healthy');
    blue.use(false);
    expect([stateOf(blue, a), clock.sleeping(), a.checks]).toEqual(['unused', 0, 1]);
  });

  it('calls a new target healthy after one passing check, and later ones only after their thresholds', async () => {
    const a = await origin('a');
    const clock = manualClock();
    const blue = group('blue', { clock, healthy: 3, unhealthy: 2 });
    blue.use(true);
    blue.register('127.0.0.1', a.port);
    const nextCheck = async () => {
      const before = a.checks;
      clock.advance(INTERVAL_MS);
      await until('the next check is over', () => a.checks > before && clock.sleeping() === 1);
      return stateOf(blue, a);
    };
    await until('the first check is over', () => clock.sleeping() === 1);
    expect([stateOf(blue, a), a.checks]).toEqual(['healthy', 1]);

    a.health = 500;
    expect([await nextCheck(), await nextCheck()]).toEqual(['healthy', 'unhealthy']);
    expect(blue.find('127.0.0.1', a.port)!.reason).toEqual({
      code: 'Target.ResponseCodeMismatch',
      description: 'Health checks failed with these codes: [500]',
    });
    a.health = 200;
    expect([await nextCheck(), await nextCheck(), await nextCheck()]).toEqual([
      'unhealthy',
      'unhealthy',
      'healthy',
    ]);
  });

  it('keeps a target that never passed out of the traffic while another is healthy', async () => {
    const [a, b] = [await origin('a'), await origin('b')];
    b.health = 503;
    const blue = group('blue');
    blue.use(true);
    blue.register('127.0.0.1', a.port);
    blue.register('127.0.0.1', b.port);
    await until(
      'one is healthy and one is not',
      () => stateOf(blue, a) === 'healthy' && stateOf(blue, b) === 'unhealthy',
    );
    const { url } = await listen(forward([blue, 1]));
    for (let n = 0; n < 10; n++) await (await fetch(url)).text();
    expect([a.requests.length, b.requests.length]).toEqual([10, 0]);
  });

  it('sends traffic to all targets when none is healthy', async () => {
    const a = await origin('a');
    a.health = 500;
    const blue = group('blue');
    blue.use(true);
    blue.register('127.0.0.1', a.port);
    await until('the target is unhealthy', () => stateOf(blue, a) === 'unhealthy');
    const { url } = await listen(forward([blue, 1]));
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('deregistration', () => {
  it('sends no new requests and drains for the whole delay, idle or not', async () => {
    const a = await origin('a');
    const clock = manualClock();
    const blue = openAt(clock, 'blue', a.port);
    const { url } = await listen(forward([blue, 1]));
    const gone = blue.deregister('127.0.0.1', a.port);
    expect((await fetch(url)).status).toBe(503);
    clock.advance(29_999);
    await new Promise(setImmediate);
    expect(stateOf(blue, a)).toBe('draining');
    clock.advance(1);
    await gone;
    expect(stateOf(blue, a)).toBeUndefined();
    expect(a.requests).toHaveLength(0);
  });

  it('lets open requests finish, also after the delay of an accelerated clock', async () => {
    let finish: () => void = () => {};
    const a = await origin('a', (_, response) => {
      finish = () => response.end('slow but whole');
    });
    const clock = manualClock();
    const blue = openAt(clock, 'blue', a.port);
    const { url } = await listen(forward([blue, 1]));
    const slow = fetch(url);
    await until('the request is under way', () => a.requests.length === 1);
    const gone = blue.deregister('127.0.0.1', a.port);
    clock.advance(30_000);
    await new Promise(setImmediate);
    expect(stateOf(blue, a)).toBe('draining');
    finish();
    expect(await (await slow).text()).toBe('slow but whole');
    await gone;
    expect(stateOf(blue, a)).toBeUndefined();
  });

  it('cuts a request that is still open when its time is over', async () => {
    const a = await origin('a', () => {});
    const clock = manualClock();
    const blue = openAt(clock, 'blue', a.port);
    const { url } = await listen(forward([blue, 1]));
    const hanging = fetch(url);
    await until('the request is under way', () => a.requests.length === 1);
    const gone = blue.deregister('127.0.0.1', a.port);
    clock.advance(30_000);
    await until('the target waits for the open request', () => clock.sleeping() === 1);
    clock.advance(30_000);
    await gone;
    expect((await hanging).status).toBe(502);
  });
});

describe('weights', () => {
  it('divide the traffic in their proportion', async () => {
    const [a, b] = [await origin('a'), await origin('b')];
    const { url } = await listen(forward([open('blue', a.port), 30], [open('green', b.port), 10]));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    closers.push(async () => agent.destroy());
    const ask = () =>
      new Promise<void>((resolve, reject) => {
        http.get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
      });
    await Promise.all(Array.from({ length: 1_000 }, ask));
    // 250 expected; 5 standard deviations are 69.
    expect(b.requests.length).toBeGreaterThan(180);
    expect(b.requests.length).toBeLessThan(320);
  });

  it('of 0 send nothing, and all of 0 answer 503', async () => {
    const [a, b] = [await origin('a'), await origin('b')];
    const [blue, green] = [open('blue', a.port), open('green', b.port)];
    const { url, listener, tally } = await listen(forward([blue, 1], [green, 0]));
    for (let n = 0; n < 50; n++) await (await fetch(url)).text();
    expect(b.requests).toHaveLength(0);
    listener.follow([{ matches: () => true, action: forward([blue, 0], [green, 0]) }]);
    expect((await fetch(url)).status).toBe(503);
    expect(tally.take().ownFaults).toBe(1);
  });

  it('do not fail over from an empty group to a full one', async () => {
    const a = await origin('a');
    const { url } = await listen(forward([open('blue', a.port), 0], [open('green'), 1]));
    expect((await fetch(url)).status).toBe(503);
  });

  it('do not move a client that a cookie binds to its group', async () => {
    const [a, b] = [await origin('a'), await origin('b')];
    const [blue, green] = [open('blue', a.port), open('green', b.port)];
    const sticky = (one: number, other: number): Action => ({
      type: 'forward',
      stickySeconds: 60,
      groups: [
        { group: blue, weight: one },
        { group: green, weight: other },
      ],
    });
    const { url, listener } = await listen(sticky(1, 0));
    const cookie = (await fetch(url)).headers.getSetCookie()[0]!.split(';')[0]!;
    expect(cookie).toMatch(/^AWSALBTG=/);
    listener.follow([{ matches: () => true, action: sticky(0, 1) }]);
    expect(await (await fetch(url, { headers: { cookie } })).text()).toBe('a');
    expect(await (await fetch(url)).text()).toBe('b');
  });
});

/** Asks over one kept connection; of a POST it sends the first part, and the rest when the answer has begun. */
function uploader(url: string) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  closers.push(async () => agent.destroy());
  return (method: 'GET' | 'POST') =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = http.request(url, { method, agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
        if (method === 'POST') request.end('x'.repeat(1_000_000));
      });
      request.on('error', reject);
      if (method === 'GET') request.end();
      else request.write('the first part');
    });
}

describe('a request', () => {
  it('arrives as it was sent, with the client’s address and without the headers of its connection', async () => {
    const a = await origin('a');
    const { url } = await listen(forward([open('blue', a.port), 1]));
    await fetch(`${url}/orders?x=1`, {
      method: 'POST',
      body: 'hello',
      headers: { 'x-mine': 'kept', 'x-forwarded-for': '10.1.1.1', te: 'trailers' },
    });
    expect(a.requests[0]).toMatchObject({ method: 'POST', url: '/orders?x=1', body: 'hello' });
    expect(a.requests[0]!.headers).toMatchObject({
      'x-mine': 'kept',
      host: new URL(url).host,
      'x-forwarded-for': '10.1.1.1, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': new URL(url).port,
    });
    expect(a.requests[0]!.headers).not.toHaveProperty('te');
  });

  it('streams large bodies both ways', async () => {
    const a = await origin('a', (_, response, body) => response.end(body));
    const { url } = await listen(forward([open('blue', a.port), 1]));
    const body = 'x'.repeat(8_000_000);
    expect((await (await fetch(url, { method: 'POST', body })).text()) === body).toBe(true);
  });

  it('hands on the answer’s status and repeated headers', async () => {
    const a = await origin('a', (_, response) => {
      response.writeHead(418, { 'set-cookie': ['a=1', 'b=2'], 'x-version': 'v2' }).end('teapot');
    });
    const { url, tally } = await listen(forward([open('blue', a.port), 1]));
    const response = await fetch(url);
    expect([response.status, response.headers.getSetCookie(), response.headers.get('x-version')]).toEqual([
      418,
      ['a=1', 'b=2'],
      'v2',
    ]);
    expect(tally.take()).toMatchObject({ requests: 1, answers: [0, 0, 1, 0], ownFaults: 0 });
  });

  it('gets 502 when its target is not there, also with a body', async () => {
    const a = await origin('a');
    const { port } = a;
    await a.close();
    const { url, tally } = await listen(forward([open('blue', port), 1]));
    expect((await fetch(url)).status).toBe(502);
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(1_000_000) })).status).toBe(502);
    expect(tally.take()).toMatchObject({ requests: 2, ownFaults: 2, connectionFaults: 2 });
  });

  it('gets 502 when its target dies while the body is on its way', async () => {
    const dying = net.createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => dying.listen(0, '127.0.0.1', resolve));
    closers.push(async () => {
      dying.close();
    });
    const { url } = await listen(forward([open('blue', (dying.address() as net.AddressInfo).port), 1]));
    const ask = uploader(url);
    expect([await ask('POST'), await ask('POST'), await ask('GET')]).toEqual([502, 502, 502]);
  });

  it('is answered before its body is through, and the connection stays of use', async () => {
    const early = http.createServer((request, response) => {
      if (request.method === 'GET') response.end();
      else response.writeHead(413, { connection: 'close' }).end();
    });
    await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve));
    closers.push(async () => {
      early.close();
    });
    const { url } = await listen(forward([open('blue', (early.address() as net.AddressInfo).port), 1]));
    const ask = uploader(url);
    expect([await ask('POST'), await ask('POST'), await ask('GET')]).toEqual([413, 413, 200]);
  });

  it('gets 502 when its target dies before it answers, and is sent again only where that is switched on', async () => {
    let deaths = 0;
    const a = await origin('a', (request, response) => {
      if (deaths++ === 0) request.socket.destroy();
      else response.end('second try');
    });
    const blue = open('blue', a.port);
    expect((await fetch((await listen(forward([blue, 1]))).url)).status).toBe(502);
    expect(a.requests).toHaveLength(1);
    deaths = 0;
    const { url } = await listen(forward([blue, 1]), { retryGet: true });
    expect(await (await fetch(url)).text()).toBe('second try');
    deaths = 0;
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(502);
  });

  it('gets 504 when its target is silent for too long', async () => {
    const a = await origin('a', () => {});
    const { url, tally } = await listen(forward([open('blue', a.port), 1]), { idleTimeoutMs: 200 });
    expect((await fetch(url)).status).toBe(504);
    expect(tally.take()).toMatchObject({ requests: 1, ownFaults: 1, connectionFaults: 0 });
  });

  it('for the head of an answer gets its length without the body', async () => {
    const a = await origin('a', (_, response) =>
      response.writeHead(200, { 'content-length': 5 }).end('hello'),
    );
    const { url } = await listen(forward([open('blue', a.port), 1]));
    for (let n = 0; n < 2; n++) {
      const response = await fetch(url, { method: 'HEAD' });
      expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
        200,
        '5',
        '',
      ]);
    }
  });

  it('is cut, not completed, when its target dies in the middle of the answer', async () => {
    const a = await origin('a', (request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => request.socket.destroy());
    });
    const { url } = await listen(forward([open('blue', a.port), 1]));
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  });

  it('is given up upstream when the client leaves', async () => {
    let left = false;
    const a = await origin('a', (_, response) => {
      response.on('close', () => {
        left = true;
      });
    });
    const { url } = await listen(forward([open('blue', a.port), 1]));
    const abort = new AbortController();
    const request = fetch(url, { signal: abort.signal }).catch(() => {});
    await until('the request is under way', () => a.requests.length === 1);
    abort.abort();
    await request;
    await until('the target sees the connection close', () => left);
  });

  it('is not lost when its target closed the idle connection of an earlier one', async () => {
    const a = await origin('a');
    const { url, listener } = await listen(forward([open('blue', a.port), 1]));
    const ask = () =>
      new Promise<string>((resolve, reject) => {
        const socket = net.connect(listener.port, '127.0.0.1', () =>
          socket.write(`GET / HTTP/1.1\r\nhost: ${new URL(url).host}\r\nconnection: close\r\n\r\n`),
        );
        let text = '';
        socket.on('data', (data) => {
          text += data;
        });
        socket.on('end', () => resolve(text.split('\r\n')[0]!)).on('error', reject);
      });
    await ask();
    for (let n = 0; n < 50; n++) {
      a.closeIdle();
      expect(await ask()).toBe('HTTP/1.1 200 OK');
    }
  });

  it('keeps its client connection open for the next one', async () => {
    const a = await origin('a');
    const { url } = await listen(forward([open('blue', a.port), 1]));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    closers.push(async () => agent.destroy());
    const reused: boolean[] = [];
    for (let n = 0; n < 3; n++)
      await new Promise<void>((resolve) => {
        const request = http.get(url, { agent }, (response) => {
          response.resume().on('end', resolve);
          reused.push(request.reusedSocket);
        });
      });
    expect(reused).toEqual([false, true, true]);
  });
});

describe('other actions', () => {
  it('answer with a fixed response', async () => {
    const { url, tally } = await listen({
      type: 'fixed-response',
      status: 404,
      contentType: 'text/html',
      body: '<p>no',
    });
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      404,
      'text/html',
      '<p>no',
    ]);
    expect(tally.take()).toMatchObject({ fixedResponses: 1, requests: 0, ownFaults: 0 });
  });

  it('redirect with the parts of the request that they keep', async () => {
    const { url } = await listen({
      type: 'redirect',
      status: 301,
      protocol: 'HTTPS',
      host: '#{host}',
      port: '443',
      path: '/new/#{path}',
      query: '#{query}',
    });
    const response = await fetch(`${url}/a/b?c=1`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([
      301,
      'https://127.0.0.1:443/new/a/b?c=1',
    ]);
  });
});
