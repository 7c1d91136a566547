import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import type { Cloud } from '../../../local/cloud';
import { isPage } from '../page';

/** Users of the shop: a bounded stream of requests through the production listener, and what became of them. */
export interface Load {
  /** Requests with no answer, or a 502, 503 or 504 of the load balancer. */
  lost(): number;
  requests(): number;
  /** Requests that were answered with the maintenance page; they are not lost. */
  announced(): number;
  /** Answers by version, from the shop's x-version header. */
  versions(): Record<string, number>;
  stop(): Promise<void>;
}

const CLIENTS = 8;
const LOST = [502, 503, 504];

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How users reach a listener that may speak HTTPS: by the name of its certificate, which this cloud's own authority has issued. */
export const clientOf = ({ caFile }: Pick<Cloud, 'caFile'>, servername = 'localhost'): Pool.Options => ({
  connect: { ca: readFileSync(caFile, 'utf8'), servername },
});

export function startLoad(url: string, rate: number, options: Pool.Options = {}): Load {
  const pool = new Pool(url, { ...options, connections: CLIENTS });
  const versions: Record<string, number> = {};
  let lost = 0;
  let requests = 0;
  let announced = 0;
  let on = true;

  async function ask(path: string): Promise<void> {
    requests++;
    try {
      const response = await pool.request({ path, method: 'GET' });
      const { statusCode, headers } = response;
      if (await isPage(response)) announced++;
      else if (LOST.includes(statusCode)) lost++;
      const version = String(headers['x-version'] ?? statusCode);
      versions[version] = (versions[version] ?? 0) + 1;
    } catch {
      lost++;
    }
  }

  async function client(index: number): Promise<void> {
    // one after the other: users in step are many in one short period and none in the next
    await sleep((1000 * index) / rate);
    for (let turn = index; on; turn += CLIENTS) {
      const started = performance.now();
      await ask(`/products/${1 + (turn % 500)}`);
      const pause = (1000 * CLIENTS) / rate - (performance.now() - started);
      if (pause > 0) await sleep(pause);
    }
  }

  const clients = Array.from({ length: rate > 0 ? CLIENTS : 0 }, (_, index) => client(index));
  return {
    lost: () => lost,
    requests: () => requests,
    announced: () => announced,
    versions: () => ({ ...versions }),
    async stop() {
      on = false;
      await Promise.all(clients);
      if (!pool.closed) await pool.close();
    },
  };
}
