import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { ANSWER_MS, bucketOf, type Slice, type Wave } from '../domain/evidence/performance';
import { withoutValues } from '../domain/privacy/values';
import type { Port } from '../domain/step/port';

export type Sent = Omit<Slice, 'at'>;
export interface Load {
  /**
   * Sends one slice of a wave: never more at a time, more in a second on average, or for longer than the wave has it.
   * @param base URL of the test listener, without a trailing slash
   * @param host the name that green is asked by; the base's own by default
   */
  send(base: string, wave: Wave, seconds: number, host?: string): Promise<Sent>;
}

/** Status of an answer, or why there was none. */
type Said = { status: number } | { none: Error };

function askOnce(url: URL, agent: http.Agent, headers: Record<string, string>): Promise<Said> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const servername = headers.host ?? url.hostname;
    const asked = request(url, { agent, headers, signal, servername }, (response) => {
      response
        .on('error', (none) => resolve({ none }))
        .on('end', () => resolve({ status: response.statusCode ?? 0 }))
        .resume();
    });
    asked.on('error', (none) => {
      // the load balancer may close a connection while a request is on its way, which is nobody's fault: RFC 9112, 9.3.1
      if (asked.reusedSocket && !signal.aborted) resolve(askOnce(url, agent, headers));
      else resolve({ none: signal.aborted ? new Error(`nothing within ${ANSWER_MS / 1000} s`) : none });
    });
    asked.end();
  });
}

async function send(base: string, wave: Wave, seconds: number, host?: string): Promise<Sent> {
  const { paths, concurrency, requestsPerSecond } = wave;
  const headers = { ...(host ? { host } : {}), ...wave.headers };
  const scheme = base.startsWith('https:') ? https : http;
  const agent = new scheme.Agent({ keepAlive: true, maxSockets: concurrency });
  const started = performance.now();
  const most = seconds * requestsPerSecond;
  const slice: Sent = { requests: 0, errors: 0, because: '', times: {} };
  let next = 0;
  const askOn = async (): Promise<void> => {
    while (next < most) {
      const number = next++;
      const due = (number * 1000) / requestsPerSecond;
      const early = due - (performance.now() - started);
      if (early > 0) await pause(early);
      if (performance.now() - started >= seconds * 1000) return;
      const path = paths[number % paths.length]!;
      const begun = performance.now();
      const said = await askOnce(new URL(`${base}${path}`), agent, headers);
      // who gets no answer has waited as long as anybody would
      const ms = 'none' in said ? ANSWER_MS : performance.now() - begun;
      const bucket = bucketOf(ms);
      slice.requests++;
      slice.times[bucket] = (slice.times[bucket] ?? 0) + 1;
      if ('status' in said && said.status < 400) continue;
      slice.errors++;
      slice.because = `${path} ${'none' in said ? `gave no answer (${withoutValues(said.none.message)})` : `answered ${said.status}`}`;
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, askOn));
  } finally {
    agent.destroy();
  }
  return slice;
}

/** Without grants: whoever reaches the test listener may ask. It may be internal, so that is done in the VPC. */
export const load: Port<Load> = { grants: [], inVpc: true, open: () => ({ send }) };
