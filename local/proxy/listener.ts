import http, { type IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { exchange } from './exchange';
import { FunctionGroup } from './function-group';
import { headerValue } from './headers';
import { refuse } from './refuse';
import {
  type Action,
  bindingCookie,
  boundGroup,
  chooseGroup,
  type FixedResponse,
  type Forward,
  type Group,
  type Redirect,
  type Route,
  redirectLocation,
} from './route';
import type { Tally } from './tally';
import { refuseUpgrade, tunnel } from './tunnel';

export interface ListenerOptions {
  /** Counts everything of the load balancer. */
  tally: Tally;
  /** Counts what goes to one target group. */
  tallyOf: (group: Group) => Tally;
  retryGet?: boolean;
  /** How long a client or a target may be silent; 60 s by default, as with ELB. */
  idleTimeoutMs?: number;
  /** 0 takes a free port. */
  port?: number;
  /** What it shows its clients, both PEM: their TLS ends here, and targets are asked in the clear. Without it the listener speaks HTTP. */
  tls?: { certificate: string; key: string };
}

const IDLE_TIMEOUT_MS = 60_000;

/** A port of the load balancer on 127.0.0.1, with the routes it follows at the moment. */
export class ProxyListener {
  private routes: readonly Route[] = [];
  private readonly server: http.Server;
  private readonly switched = new Set<Socket>();

  private constructor(private readonly options: ListenerOptions) {
    const handle = (request: IncomingMessage, response: ServerResponse) => this.handle(request, response);
    const { tls } = options;
    this.server = tls
      ? https.createServer({ cert: tls.certificate, key: tls.key }, handle)
      : http.createServer(handle);
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket as Socket, head));
    this.server.keepAliveTimeout = options.idleTimeoutMs ?? IDLE_TIMEOUT_MS;
    // Long uploads are allowed; the header time-out stays.
    this.server.requestTimeout = 0;
  }

  /** Listens; rejects when the port is taken. */
  static open(options: ListenerOptions): Promise<ProxyListener> {
    const listener = new ProxyListener(options);
    return new Promise((resolve, reject) => {
      listener.server.once('error', reject);
      listener.server.listen(options.port ?? 0, '127.0.0.1', () => resolve(listener));
    });
  }

  get protocol(): 'HTTP' | 'HTTPS' {
    return this.options.tls ? 'HTTPS' : 'HTTP';
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Replaces all routes, in order of priority; requests under way end on the old ones. */
  follow(routes: readonly Route[]): void {
    this.routes = routes;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    for (const socket of this.switched) socket.destroy();
    await closed;
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const route = this.routes.find(({ matches }) => matches(request));
    if (route) this.perform(route.action, request, response);
    else this.unavailable(response);
  }

  /** Node hands over the connection: to a WebSocket its route gives it, and whatever else is asked for is answered without. */
  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.switched.add(socket);
    socket.once('close', () => this.switched.delete(socket));
    const action = this.routes.find(({ matches }) => matches(request))?.action;
    const isWebSocket = headerValue(request.rawHeaders, 'upgrade')?.toLowerCase() === 'websocket';
    if (!isWebSocket || action?.type !== 'forward') {
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.assignSocket(socket);
      response.on('finish', () => socket.end());
      this.handle(request, response);
      return;
    }
    const { tally, tallyOf, idleTimeoutMs = IDLE_TIMEOUT_MS } = this.options;
    const group = this.groupFor(action, request);
    if (group && !(group instanceof FunctionGroup))
      tunnel({ request, socket, head, group, tallies: [tally, tallyOf(group)], idleTimeoutMs });
    else {
      tally.ownFaults++;
      refuseUpgrade(socket, 503, 'Service Temporarily Unavailable');
    }
  }

  private groupFor({ groups, stickySeconds }: Forward, request: IncomingMessage): Group | undefined {
    const bound = stickySeconds === undefined ? undefined : boundGroup(groups, request.headers.cookie);
    return bound ?? chooseGroup(groups, Math.random());
  }

  private perform(action: Action, request: IncomingMessage, response: ServerResponse): void {
    if (action.type === 'forward') this.forward(action, request, response);
    else if (action.type === 'redirect') this.redirect(action, request, response);
    else this.respond(action, request, response);
  }

  private redirect(action: Redirect, request: IncomingMessage, response: ServerResponse): void {
    this.options.tally.redirects++;
    request.resume();
    const location = redirectLocation(action, request.headers.host ?? '', request.url!);
    response.writeHead(action.status, { location, 'content-length': 0 }).end();
  }

  private respond(action: FixedResponse, request: IncomingMessage, response: ServerResponse): void {
    this.options.tally.fixedResponses++;
    request.resume();
    const body = action.body ?? '';
    const headers = {
      'content-type': action.contentType ?? 'text/plain',
      'content-length': Buffer.byteLength(body),
    };
    response.writeHead(action.status, headers).end(body);
  }

  private forward(action: Forward, request: IncomingMessage, response: ServerResponse): void {
    const { stickySeconds } = action;
    const group = this.groupFor(action, request);
    if (!group) {
      this.unavailable(response);
      return;
    }
    const { tally, tallyOf, retryGet = false, idleTimeoutMs = IDLE_TIMEOUT_MS } = this.options;
    const tallies = [tally, tallyOf(group)];
    const setCookie = stickySeconds === undefined ? undefined : bindingCookie(group, stickySeconds);
    if (group instanceof FunctionGroup) void group.serve({ request, response, tallies, setCookie });
    else exchange({ request, response, group, tallies, setCookie, idleTimeoutMs, retryGet });
  }

  private unavailable(response: ServerResponse): void {
    this.options.tally.ownFaults++;
    refuse(response, 503, 'Service Temporarily Unavailable');
  }
}
