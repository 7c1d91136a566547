import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import type { World } from '../world';

/** Looks all the time at whose migrations the server works for. */
export interface Recorder {
  /** Application names of deployments whose sessions were open at the same moment; empty when there never were two. */
  together(): string[];
  /** How often it has looked with an answer. */
  looks(): number;
  stop(): Promise<void>;
}

const MIGRATING = `SELECT DISTINCT application_name AS name FROM pg_stat_activity
  WHERE application_name LIKE 'greenlight-%' AND application_name <> 'greenlight-look' ORDER BY 1`;
const PAUSE_MS = 20;

export function startRecorder(world: World): Recorder {
  const together = new Set<string>();
  let looks = 0;
  let on = true;

  /** Until the server goes away. */
  async function watch(): Promise<void> {
    const { caFile, ...connection } = await world.connection();
    const client = new Client({ ...connection, ssl: { ca: readFileSync(caFile, 'utf8') } });
    client.on('error', () => {});
    await client.connect();
    try {
      while (on) {
        const { rows } = await client.query<{ name: string }>(MIGRATING);
        looks++;
        if (rows.length > 1) together.add(rows.map(({ name }) => name).join(' and '));
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    } finally {
      await client.end().catch(() => {});
    }
  }

  const watching = (async () => {
    while (on) {
      await watch().catch(() => {});
      if (on) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    together: () => [...together],
    looks: () => looks,
    async stop() {
      on = false;
      await watching;
    },
  };
}
