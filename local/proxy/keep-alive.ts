import { headerValue } from './headers';

/**
 * Idle connections are closed by the proxy well before a usual server closes them (Node 5 s, most others 60 s and
 * more; a `Keep-Alive: timeout` hint of the server is honoured, less two seconds). Otherwise a request could be
 * written to a connection that its server is just closing, and would be lost.
 */
const UNHINTED_MS = 4_000;
const LONGEST_MS = 60_000;
const MARGIN_MS = 2_000;

/** How long a connection may be kept after an answer with these headers, in ms; 0 or less for not at all. */
export function keepAliveMs(headers: readonly string[]): number {
  const seconds = /timeout=(\d+)/i.exec(headerValue(headers, 'keep-alive') ?? '')?.[1];
  return seconds === undefined ? UNHINTED_MS : Math.min(Number(seconds) * 1_000 - MARGIN_MS, LONGEST_MS);
}
