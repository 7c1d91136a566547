import net, { type AddressInfo } from 'node:net';
import { closers } from './balanced';
import { until } from './origin';

/** A target that answers in bytes; it ends with its test. */
export interface WireTarget {
  port: number;
  /** What arrived over each connection. */
  received: string[];
}

/** Calls `respond` with every piece that arrives; it may write, or end the connection. */
export async function wireTarget(
  respond: (socket: net.Socket, text: string) => void,
  allowHalfOpen = false,
): Promise<WireTarget> {
  const sockets = new Set<net.Socket>();
  const received: string[] = [];
  const server = net.createServer({ allowHalfOpen }, (socket) => {
    sockets.add(socket);
    const index = received.push('') - 1;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received[index] += data.toString('latin1');
      respond(socket, data.toString('latin1'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, received };
}

/** A client that asks in bytes. */
export interface WireClient {
  socket: net.Socket;
  /** All that it has got so far. */
  text(): string;
  /** Resolves with all of it when the connection is closed. */
  whole: Promise<string>;
  /** Resolves when it has got the text. */
  gets(text: string): Promise<void>;
}

export function wireClient(port: number, request: string): WireClient {
  let text = '';
  const socket = net.connect(port, '127.0.0.1');
  closers.push(async () => {
    socket.destroy();
  });
  socket.on('error', () => {});
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  const whole = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  socket.write(request, 'latin1');
  return {
    socket,
    text: () => text,
    whole,
    gets: (part) => until(`'${part}' is there`, () => text.includes(part)),
  };
}
