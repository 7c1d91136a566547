import type { IncomingMessage } from 'node:http';

/** They concern one connection only; the proxy has its own on either side (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

const FORWARDED = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port']);

/** A client may name further headers of its connection. */
function namedByConnection(connection: string | undefined): Set<string> | undefined {
  if (!connection || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(connection.toLowerCase().split(/\s*,\s*/));
}

/** The request's headers for a target, as undici takes them: name, value, name, value. Repeated headers stay repeated. */
export function requestHeaders(request: IncomingMessage): string[] {
  const { rawHeaders, headers, socket } = request;
  const named = namedByConnection(headers.connection);
  const result: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || FORWARDED.has(lower) || named?.has(lower)) continue;
    result.push(name, rawHeaders[index + 1]!);
  }
  const before = headers['x-forwarded-for'];
  const client = socket.remoteAddress ?? '127.0.0.1';
  result.push('x-forwarded-for', before ? `${before}, ${client}` : client);
  result.push('x-forwarded-proto', 'http', 'x-forwarded-port', String(socket.localPort));
  return result;
}

/** Takes a target's hop-by-hop headers out, in place. */
export function responseHeaders<H extends Record<string, string | string[] | undefined>>(headers: H): H {
  for (const name of HOP_BY_HOP) if (name in headers) delete headers[name];
  return headers;
}

/** Whether a request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
