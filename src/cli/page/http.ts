import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { redaction } from '../../domain/privacy/redaction';
import { UsageError } from '../usage-error';
import type { Channel, Parts } from './channel';

/** What the page is made of, and what it can reach. */
export interface PageServer {
  /** The folder of its files. */
  files: string;
  /** What is told of all deployments and services, and of one deployment. */
  list: () => Channel;
  deployment: (name: string) => Channel;
  /** Does what somebody said on the page; resolves with what became of it. Throws UsageError for what cannot be understood. */
  act: (body: unknown) => Promise<string>;
  /** What every page is told first. */
  about: Parts;
}

/** All that is served, by its path. */
const FILES: Record<string, string> = {
  '/': 'index.html',
  '/page.js': 'page.js',
  '/page.css': 'page.css',
  '/icon.svg': 'icon.svg',
};
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** It loads nothing from elsewhere, nobody frames it, and nothing of it stays in a cache. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const MOST_BODY = 10_000;
const HEARTBEAT_MS = 15_000;
/** How soon a browser asks again that has lost the server. */
const RETRY_MS = 1000;

const redact = redaction([]);

type Answer = { status: number; body: string; type?: string };
const told = (status: number, text: string): Answer => ({
  status,
  body: JSON.stringify(status < 300 ? { text: redact(text) } : { problem: redact(text) }),
  type: 'application/json',
});

/** Throws where more comes than anybody has to say. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part;
    if (text.length > MOST_BODY) throw new UsageError(`expected at most ${MOST_BODY} characters`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('expected JSON');
  }
}

function send(response: ServerResponse, { status, body, type = 'text/plain; charset=utf-8' }: Answer): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type }).end(body);
}

/** Server-sent events: what is known, and from then on what changes. Source: HTML Living Standard, 9.2. */
function stream(response: ServerResponse, channel: Channel, about: Parts): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.write(`retry: ${RETRY_MS}\nevent: about\ndata: ${JSON.stringify(about)}\n\n`);
  const leave = channel.join((parts) => response.write(`event: parts\ndata: ${JSON.stringify(parts)}\n\n`));
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  response.on('close', () => {
    clearInterval(heartbeat);
    leave();
  });
}

/**
 * The page on this machine alone. A name that somebody has made to lead here (DNS rebinding) comes with a foreign `Host`, a page
 * of somebody else with a foreign `Origin`: both are refused. What changes something wants the token as well, which only a page
 * of this origin can read. Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet.
 */
export function pageServer({ files, list, deployment, act, about }: PageServer): Server {
  const token = randomBytes(32).toString('base64url');
  const served = new Map(
    Object.entries(FILES).map(([path, name]): [string, Answer] => [
      path,
      { status: 200, body: readFileSync(join(files, name), 'utf8'), type: TYPES[extname(name)] },
    ]),
  );
  const isToken = (sent: string | string[] | undefined) =>
    typeof sent === 'string' &&
    sent.length === token.length &&
    timingSafeEqual(Buffer.from(sent), Buffer.from(token));

  async function said(request: IncomingMessage): Promise<Answer> {
    if (request.headers.origin === undefined || !isToken(request.headers['x-greenlight-token']))
      return told(403, 'expected a request of the page itself, with its token; load the page again');
    if (request.headers['content-type'] !== 'application/json') return told(415, 'expected application/json');
    try {
      return told(200, await act(await bodyOf(request)));
    } catch (error) {
      return told(error instanceof UsageError ? 400 : 409, (error as Error).message);
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port } = server.address() as { port: number };
    const own = [`127.0.0.1:${port}`, `localhost:${port}`];
    const { host = '', origin } = request.headers;
    if (!own.includes(host)) return send(response, told(403, `expected the host ${own[0]}`));
    if (origin !== undefined && origin !== `http://${host}`)
      return send(response, told(403, 'expected a request of this page, not of another one'));
    const { pathname, searchParams } = new URL(request.url ?? '/', `http://${host}`);
    if (pathname === '/said')
      return send(response, request.method === 'POST' ? await said(request) : told(405, 'expected POST'));
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, told(405, 'expected GET'));
    if (pathname === '/events') {
      const name = searchParams.get('deployment');
      return stream(response, name === null ? list() : deployment(name), { ...about, token });
    }
    send(response, served.get(pathname) ?? told(404, 'there is no such page'));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) =>
      response.headersSent ? response.destroy() : send(response, told(400, error.message)),
    );
  });
  return server;
}
