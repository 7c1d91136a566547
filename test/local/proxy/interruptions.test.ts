import http from 'node:http';
import { forward, listen, open } from './balanced';
import { until } from './origin';
import { agentOf, collect, hashOf, MIB, pour, sample, target } from './streams';
import { wireClient, wireTarget } from './wire';

describe('a client that leaves', () => {
  it('in the middle of its own body ends the request upstream, and is nobody’s fault', async () => {
    let [begun, cut] = [false, false];
    const blue = await target((request) => {
      request.on('data', () => {
        begun = true;
      });
      request.on('close', () => {
        cut = !request.complete;
      });
    });
    const { listener, tally } = await listen(forward([blue, 1]));
    for (const framing of ['content-length: 100', 'transfer-encoding: chunked']) {
      [begun, cut] = [false, false];
      const head = `POST / HTTP/1.1\r\nhost: shop\r\n${framing}\r\n\r\n`;
      const client = wireClient(listener.port, `${head}3\r\nabc\r\n`);
      await until('the request is under way', () => begun);
      client.socket.destroy();
      await until('the target sees it end', () => cut);
    }
    expect(tally.take()).toMatchObject({ requests: 2, answers: [0, 0, 0, 0], ownFaults: 0 });
  });

  it('in the middle of the answer ends it upstream, and the next client is served', async () => {
    let cut = false;
    const blue = await target((request, response) => {
      if (request.url === '/next') {
        response.end('served');
        return;
      }
      response.on('close', () => {
        cut = !response.writableFinished;
      });
      pour(response);
    });
    const { listener, url } = await listen(forward([blue, 1]));
    const client = wireClient(listener.port, 'GET / HTTP/1.1\r\nhost: shop\r\n\r\n');
    await until('the answer has begun', () => client.text().length > MIB);
    client.socket.destroy();
    await until('the target sees it end', () => cut);
    expect(await (await fetch(`${url}/next`)).text()).toBe('served');
  });
});

describe('silence', () => {
  // longer than a busy machine keeps a process waiting: a target that does not get to send is silent as well
  const IDLE_MS = 1_500;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 2 * IDLE_MS));

  it('of a target in the middle of its answer cuts it', async () => {
    const { port } = await wireTarget((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf');
    });
    const { listener } = await listen(forward([open('blue', port), 1]), { idleTimeoutMs: IDLE_MS });
    const answer = await wireClient(listener.port, 'GET / HTTP/1.1\r\nhost: shop\r\n\r\n').whole;
    expect(answer).toMatch(/\r\n\r\nhalf$/);
  });

  it('of a client that is to send, or to read, is not the target’s', async () => {
    const blue = await target((request, response) => {
      request.resume().on('end', () => pour(response));
    });
    const { url } = await listen(forward([blue, 1]), { idleTimeoutMs: IDLE_MS });
    const request = http.request(url, { method: 'POST', agent: agentOf() });
    const answer = new Promise<http.IncomingMessage>((resolve) => request.on('response', resolve));
    request.write('the first part');
    await pause();
    request.end('the rest');
    const response = await answer;
    await pause();
    expect(hashOf(await collect(response))).toBe(hashOf(sample));
  });
});
