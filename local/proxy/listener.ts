import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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
}

const IDLE_TIMEOUT_MS = 60_000;

/** A port of the load balancer on 127.0.0.1, with the routes it follows at the moment. */
export class ProxyListener {
  private routes: readonly Route[] = [];
  private readonly server: http.Server;

  private constructor(private readonly options: ListenerOptions) {
    this.server = http.createServer((request, response) => this.handle(request, response));
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
    await closed;
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    if (headerValue(request.rawHeaders, 'upgrade')?.toLowerCase() === 'websocket') {
      refuse(response, 501, 'WebSocket Not Served Locally');
      return;
    }
    const route = this.routes.find(({ matches }) => matches(request));
    if (route) this.perform(route.action, request, response);
    else this.unavailable(response);
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

  private forward(
    { groups, stickySeconds }: Forward,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const bound = stickySeconds === undefined ? undefined : boundGroup(groups, request.headers.cookie);
    const group = bound ?? chooseGroup(groups, Math.random());
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
