import { Pool } from 'undici';
import { isPage } from './page';
import type { World } from './world';

/** Users who order, and their own book of what the shop has acknowledged. */
export interface Orders {
  acknowledged(): number;
  /** Orders that were neither acknowledged nor answered with the maintenance page. */
  failed(): number;
  announced(): number;
  /** Acknowledged orders that are not in the database exactly once, by the number they carry as their quantity. */
  missing(world: World): Promise<number[]>;
  stop(): Promise<void>;
}

const CLIENTS = 4;
/** Above every quantity of the shop's first data, so that a number stands for one order of ours. */
const FIRST_NUMBER = 1_000_000;

export function startOrders(url: string, rate: number): Orders {
  const pool = new Pool(url, { connections: CLIENTS });
  const book: number[] = [];
  let number = FIRST_NUMBER;
  let failed = 0;
  let announced = 0;
  let on = true;

  async function order(quantity: number): Promise<void> {
    try {
      const response = await pool.request({
        path: '/orders',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ productId: 1 + (quantity % 500), quantity }),
      });
      const { statusCode } = response;
      if (statusCode === 201) book.push(quantity);
      if (await isPage(response)) announced++;
      else if (statusCode !== 201) failed++;
    } catch {
      failed++;
    }
  }

  async function client(): Promise<void> {
    while (on) {
      const started = performance.now();
      await order(number++);
      const pause = (1000 * CLIENTS) / rate - (performance.now() - started);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  const clients = Array.from({ length: CLIENTS }, client);
  return {
    acknowledged: () => book.length,
    failed: () => failed,
    announced: () => announced,
    async missing(world) {
      const known = [...book];
      const rows = await world.query<{ quantity: number; n: number }>(
        `SELECT quantity, count(*)::int AS n FROM orders WHERE quantity >= ${FIRST_NUMBER} GROUP BY 1`,
      );
      const times = new Map(rows.map(({ quantity, n }) => [quantity, n]));
      return known.filter((quantity) => times.get(quantity) !== 1);
    },
    async stop() {
      on = false;
      await Promise.all(clients);
      await pool.close();
    },
  };
}
