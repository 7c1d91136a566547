import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { requestHead } from './request-head';
import type { Tally } from './tally';
import type { TargetGroup } from './target-group';

export interface TunnelOptions {
  request: IncomingMessage;
  /** The client's connection, and what of it was read beyond the request. */
  socket: Duplex;
  head: Buffer;
  group: TargetGroup;
  tallies: readonly Tally[];
  /** How long both sides may be silent; real time. */
  idleTimeoutMs: number;
}

/** An error of the load balancer's own, to a client that asked for a WebSocket. */
export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/**
 * A WebSocket through the load balancer: one request at its beginning, and then bytes both ways on the target that it began
 * on, whatever the weights are meanwhile, until a side closes, both are silent, or the target is gone. Its answer, 101, is in
 * none of the classes that ELB counts.
 * Source: Elastic Load Balancing, Application Load Balancers, "WebSockets" and "Target group attributes".
 */
export function tunnel({ request, socket, head, group, tallies, idleTimeoutMs }: TunnelOptions): void {
  const target = group.pick();
  if (!target) {
    for (const tally of tallies) tally.ownFaults++;
    refuseUpgrade(socket, 503, 'Service Temporarily Unavailable');
    return;
  }
  for (const tally of tallies) tally.requests++;
  const asked = requestHead(request, target.address, 'websocket');
  if (!asked) {
    refuseUpgrade(socket, 400, 'Bad Request');
    return;
  }
  const started = performance.now();
  let connected = false;
  let answered = false;
  const upstream = net.connect({ host: target.id, port: target.port, noDelay: true });
  target.carry(upstream);
  const end = () => {
    upstream.destroy();
    socket.destroy();
  };
  upstream.setTimeout(idleTimeoutMs, end);
  upstream.on('connect', () => {
    connected = true;
    upstream.write(asked.text, 'latin1');
    upstream.write(head);
    socket.pipe(upstream);
  });
  upstream.once('data', (bytes: Buffer) => {
    answered = true;
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(bytes.toString('latin1', 0, 12))?.[1] ?? 0);
    for (const tally of tallies) tally.answered(status, (performance.now() - started) / 1_000);
    socket.write(bytes);
    upstream.pipe(socket);
  });
  upstream.on('error', () => {});
  upstream.on('close', () => {
    if (answered) return end();
    for (const tally of tallies) {
      tally.ownFaults++;
      if (!connected) tally.connectionFaults++;
    }
    refuseUpgrade(socket, 502, 'Bad Gateway');
  });
  socket.on('error', () => {});
  socket.on('close', end);
}
