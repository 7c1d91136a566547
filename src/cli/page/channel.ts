import { setTimeout as sleep } from 'node:timers/promises';

/** What a page shows, part by part. */
export type Parts = Record<string, unknown>;
export type Send = (parts: Parts) => void;

/** After a call that failed: nobody is helped by asking three times a second what AWS refuses. */
const AGAIN_MS = 2000;

/**
 * Looks again and again as long as somebody listens, and sends what has changed; to who comes, all that is known.
 * @param look tells parts of the page, those that it does not mention stay as they are
 */
export function channel(look: (tell: Send) => Promise<void>, everyMs: number) {
  const listeners = new Set<Send>();
  const known = new Map<string, { text: string; value: unknown }>();
  let stopped = new AbortController();
  const tell: Send = (parts) => {
    const news: Parts = {};
    for (const [name, value] of Object.entries(parts)) {
      const text = JSON.stringify(value);
      if (known.get(name)?.text === text) continue;
      known.set(name, { text, value });
      news[name] = value;
    }
    if (Object.keys(news).length > 0) for (const send of listeners) send(news);
  };
  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const failed = await look(tell).then(
        () => '',
        (error: Error) => error.message,
      );
      if (signal.aborted) return;
      tell({ problem: failed });
      await sleep(failed ? AGAIN_MS : everyMs, undefined, { signal }).catch(() => {});
    }
  }
  return {
    /** Returns how to leave. */
    join(send: Send): () => void {
      listeners.add(send);
      if (known.size > 0) send(Object.fromEntries([...known].map(([name, { value }]) => [name, value])));
      if (listeners.size === 1) {
        stopped = new AbortController();
        void run(stopped.signal);
      }
      return () => {
        listeners.delete(send);
        if (listeners.size === 0) stopped.abort();
      };
    },
  };
}
export type Channel = ReturnType<typeof channel>;
