import type { Socket } from 'node:net';
import type { Call, Failure } from '../../../local/proxy/call';
import { Connection } from '../../../local/proxy/connection';
import { Connections } from '../../../local/proxy/connections';
import { closers } from './balanced';
import { until } from './origin';
import { wireTarget } from './wire';

/** A target that answers every request, with its sockets; it says that it keeps idle connections for three seconds. */
async function target() {
  const sockets = new Set<Socket>();
  const { port, received } = await wireTarget((socket) => {
    sockets.add(socket);
    socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=3\r\ncontent-length: 2\r\n\r\nok');
  });
  return { port, received, sockets };
}

/** A request for the head `path`, and how it ended. */
function call(path: string): Call & { ended: Promise<string> } {
  let end: (how: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  return {
    ended,
    method: 'GET',
    head: `GET ${path} HTTP/1.1\r\nhost: shop\r\n\r\n`,
    upload: undefined,
    idleTimeoutMs: 60_000,
    over: false,
    onSent: () => {},
    onHead: () => {},
    onBody: () => {},
    onPause: () => {},
    onEnd: () => end('answered'),
    onFailure: ({ connected, timedOut }: Failure) => end(`failed ${connected} ${timedOut}`),
  };
}

function connectionsTo(port: number): Connections {
  const connections = new Connections('127.0.0.1', port);
  closers.push(async () => connections.destroy());
  return connections;
}

describe('the connections to a target', () => {
  const made = (connections: Connections, path: string) => {
    const one = call(path);
    connections.send(one);
    return one.ended;
  };

  it('do not lose a request to one that the target closes as the request arrives', async () => {
    const { port, received, sockets } = await target();
    const connections = connectionsTo(port);
    expect(await made(connections, '/1')).toBe('answered');
    // a timer's turn comes before that of the network: nobody has seen the end of the connection yet
    const ended = await new Promise<Promise<string>>((resolve) => {
      setTimeout(() => {
        for (const socket of sockets) socket.destroy();
        resolve(made(connections, '/2'));
      });
    });
    expect(await ended).toBe('answered');
    expect(received.map((text) => text.split(' ', 2)[1])).toEqual(['/1', '/2']);
  });

  it('are as many as there are requests at the same time, and then carry the next ones', async () => {
    const { port, received } = await target();
    const connections = connectionsTo(port);
    for (let round = 0; round < 3; round++)
      await Promise.all(Array.from({ length: 10 }, () => made(connections, '/')));
    expect(received).toHaveLength(10);
  });

  it('close when they were idle for two seconds less than the target keeps them', async () => {
    const { port, sockets } = await target();
    await made(connectionsTo(port), '/');
    await until('the target sees it close', () => [...sockets][0]!.destroyed);
  });

  it('are of no use from then on, closed or not', async () => {
    const { port, received } = await target();
    const connections = connectionsTo(port);
    const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    await sleep(500);
    await made(connections, '/1');
    await sleep(1_200);
    await made(connections, '/2');
    expect(received).toHaveLength(2);
  });

  it('fail what is under way and what comes later when they are destroyed', async () => {
    const { port, received } = await target();
    const connections = connectionsTo(port);
    const [early, late] = [made(connections, '/'), made(connections, '/')];
    connections.destroy();
    expect([await early, await late, await made(connections, '/')]).toEqual(
      Array(3).fill('failed true false'),
    );
    expect(received).toEqual([]);
  });
});

it('an idle connection is of use for two seconds less than the target keeps it', async () => {
  const { port } = await target();
  const before = performance.now();
  const released = new Promise<Connection>((resolve) => {
    const connection = new Connection('127.0.0.1', port, { released: resolve, closed: () => {} });
    closers.push(async () => connection.destroy());
    connection.send(call('/'));
  });
  const connection = await released;
  const usable = () => [before, performance.now() + 1_000].map((time) => connection.usableAt(time));
  expect(usable()).toEqual([true, false]);
  connection.destroy();
  expect(usable()).toEqual([false, false]);
});
