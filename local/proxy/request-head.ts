import type { IncomingMessage } from 'node:http';
import { headerValue, requestHeaders } from './headers';

/** The head of a request as it goes to a target. */
export interface RequestHead {
  /** The empty line included. */
  text: string;
  /** How the body goes: as it came, by length or in chunks. */
  body: 'none' | 'sized' | 'chunked';
}

function bodyOf({ rawHeaders }: IncomingMessage): RequestHead['body'] {
  if (headerValue(rawHeaders, 'transfer-encoding') !== undefined) return 'chunked';
  return Number(headerValue(rawHeaders, 'content-length') ?? 0) > 0 ? 'sized' : 'none';
}

/**
 * Undefined for a request that a load balancer answers with 400: one for no path, or for two hosts.
 * @param upgrade the protocol that the connection is to be switched to
 */
export function requestHead(
  request: IncomingMessage,
  address: string,
  upgrade?: 'websocket',
): RequestHead | undefined {
  const { method, url } = request;
  if (!/^(\/|https?:\/\/)/.test(url!)) return undefined;
  const headers = requestHeaders(request);
  let hosts = 0;
  let text = `${method} ${url} HTTP/1.1\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
    text += `${name}: ${headers[index + 1]}\r\n`;
  }
  if (hosts > 1) return undefined;
  if (hosts === 0) text += `host: ${address}\r\n`;
  if (upgrade) return { text: `${text}connection: Upgrade\r\nupgrade: ${upgrade}\r\n\r\n`, body: 'none' };
  const body = bodyOf(request);
  if (body === 'chunked') text += 'transfer-encoding: chunked\r\n';
  return { text: `${text}connection: ${method === 'HEAD' ? 'close' : 'keep-alive'}\r\n\r\n`, body };
}
