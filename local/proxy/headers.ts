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

/** The first value of a header in name, value, name, value; `lowerCase` is its name. */
export function headerValue(headers: readonly string[], lowerCase: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!;
    if (name.length === lowerCase.length && name.toLowerCase() === lowerCase) return headers[index + 1];
  }
  return undefined;
}

function without(headers: readonly string[], lowerCase: ReadonlySet<string>): string[] {
  const result: string[] = [];
  for (let index = 0; index < headers.length; index += 2)
    if (!lowerCase.has(headers[index]!.toLowerCase())) result.push(headers[index]!, headers[index + 1]!);
  return result;
}

/** `headers` without those that a client's `connection` names: they are its connection's as well. */
function withoutNamed(headers: string[], connection: string): string[] {
  const lower = connection.toLowerCase();
  if (lower === '' || lower === 'keep-alive' || lower === 'close') return headers;
  return without(headers, new Set(lower.split(/\s*,\s*/)));
}

/** The request's headers for a target: name, value, name, value. Repeated headers stay repeated. */
export function requestHeaders({ rawHeaders, socket }: IncomingMessage): string[] {
  const passed: string[] = [];
  let connection = '';
  let clients = '';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    const value = rawHeaders[index + 1]!;
    const lower = name.toLowerCase();
    if (lower === 'x-forwarded-for') clients += `${value}, `;
    else if (lower === 'connection') connection += connection === '' ? value : `,${value}`;
    else if (!HOP_BY_HOP.has(lower) && !FORWARDED.has(lower)) passed.push(name, value);
  }
  const result = withoutNamed(passed, connection);
  result.push('x-forwarded-for', `${clients}${socket.remoteAddress ?? '127.0.0.1'}`);
  result.push('x-forwarded-proto', 'http', 'x-forwarded-port', String(socket.localPort));
  return result;
}

/** The headers of a target's answer for a client, in the same form. */
export const answerHeaders = (headers: readonly string[]): string[] => without(headers, HOP_BY_HOP);

/** Takes a function's hop-by-hop headers out, in place. */
export function responseHeaders<H extends Record<string, string | string[] | undefined>>(headers: H): H {
  for (const name of HOP_BY_HOP) if (name in headers) delete headers[name];
  return headers;
}
