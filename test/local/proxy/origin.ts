import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server behind the load balancer, in the test's process. */
export interface Origin {
  port: number;
  /** What it was asked, health checks not counted. */
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  /** The status of its health checks. */
  health: number;
  checks: number;
  /** Closes kept-alive connections, as a server does at its own time-out. */
  closeIdle(): void;
  close(): Promise<void>;
}

type Respond = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Answers `name` to everything unless `respond` says otherwise; health checks arrive at /health. */
export async function startOrigin(name: string, respond?: Respond): Promise<Origin> {
  const server = http.createServer((request, response) => {
    if (request.url === '/health') {
      origin.checks++;
      response.writeHead(origin.health).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      origin.requests.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      if (respond) respond(request, response, body);
      else response.end(name);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin: Origin = {
    port: (server.address() as AddressInfo).port,
    requests: [],
    health: 200,
    checks: 0,
    closeIdle: () => server.closeIdleConnections(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return origin;
}

/** Polls until the condition holds; fails after 20 seconds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 20 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
