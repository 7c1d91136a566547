import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'undici';
import { manualClock } from '../manual-clock';
import { closers, forward, listen, openAt } from './balanced';
import { until } from './origin';

const STREAMS = join(__dirname, '..', '..', '..', 'examples', 'shop', 'src', 'streams.mjs');

/** A server that sends its name over every WebSocket, again and again, and answers other requests with how many are open. */
async function streamer(name: string) {
  const program = `
    import { createServer } from 'node:http';
    import { acceptStreams } from ${JSON.stringify(STREAMS)};
    const server = createServer((_, response) => response.end(String(streams.size)));
    const streams = acceptStreams(server, () => ${JSON.stringify(name)}, 20);
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closers.push(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  const [text] = await once(child.stdout, 'data');
  const port = Number(String(text));
  return { port, open: async () => Number(await (await fetch(`http://127.0.0.1:${port}`)).text()) };
}

async function client(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`);
  const heard: string[] = [];
  const state = { closed: false };
  socket.addEventListener('message', ({ data }) => void heard.push(String(data)));
  socket.addEventListener('close', () => {
    state.closed = true;
  });
  await once(socket, 'open');
  closers.push(async () => socket.close());
  return { heard, state, socket };
}

it('carries a WebSocket both ways, as one request that no class of answers counts', async () => {
  const a = await streamer('a');
  const { url, tally } = await listen(forward([openAt(manualClock(), 'blue', a.port), 1]));
  const { heard, socket } = await client(url);
  await until('it is told', () => heard.length > 1);
  expect(new Set(heard)).toEqual(new Set(['a']));
  expect(tally.take()).toMatchObject({ requests: 1, answers: [0, 0, 0, 0], ownFaults: 0 });
  socket.close();
  await until('the target has closed it', async () => (await a.open()) === 0);
});

it('leaves a WebSocket on its target when the weights move, and gives new ones to the other', async () => {
  const [a, b] = [await streamer('a'), await streamer('b')];
  const clock = manualClock();
  const [blue, green] = [openAt(clock, 'blue', a.port), openAt(clock, 'green', b.port)];
  const { url, listener } = await listen(forward([blue, 1], [green, 0]));
  const before = await client(url);
  listener.follow([{ matches: () => true, action: forward([blue, 0], [green, 1]) }]);
  const after = await client(url);
  before.heard.length = 0;
  await until('both are told', () => before.heard.length > 1 && after.heard.length > 1);
  expect([before.heard[0], after.heard[0]]).toEqual(['a', 'b']);
});

it('ends a WebSocket when its target is deregistered and its time is over, not before', async () => {
  const a = await streamer('a');
  const clock = manualClock();
  const blue = openAt(clock, 'blue', a.port);
  const { url } = await listen(forward([blue, 1]));
  const { heard, state } = await client(url);
  const gone = blue.deregister('127.0.0.1', a.port);
  clock.advance(30_000);
  await until('the target waits for the open request', () => clock.sleeping() === 1);
  heard.length = 0;
  await until('it is told while it drains', () => heard.length > 1);
  expect(state.closed).toBe(false);
  clock.advance(30_000);
  await gone;
  await until('it is closed', () => state.closed);
});

it('answers 502 where the target refuses the connection, and 503 where there is none', async () => {
  const a = await streamer('a');
  const clock = manualClock();
  const nobody = openAt(clock, 'blue', 1);
  const { url, listener, tally } = await listen(forward([nobody, 1]));
  const status = () =>
    new Promise<number | undefined>((resolve) => {
      const headers = { connection: 'Upgrade', upgrade: 'websocket' };
      http.get(url, { headers }, (response) => resolve(response.resume().statusCode));
    });
  expect(await status()).toBe(502);
  expect(tally.take()).toMatchObject({ requests: 1, ownFaults: 1, connectionFaults: 1 });
  listener.follow([{ matches: () => true, action: forward([openAt(clock, 'empty'), 1]) }]);
  expect(await status()).toBe(503);
  expect(await a.open()).toBe(0);
});

it('answers a request for another protocol without it', async () => {
  const a = await streamer('a');
  const { url } = await listen(forward([openAt(manualClock(), 'blue', a.port), 1]));
  const headers = { connection: 'Upgrade', upgrade: 'h2c' };
  const text = await new Promise<string>((resolve) => {
    http.get(url, { headers }, async (response) => resolve((await response.toArray()).join('')));
  });
  expect(text).toBe('0');
});
