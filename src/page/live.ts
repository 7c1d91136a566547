/** All that the server has told of what is looked at, part by part. */
export type Parts = Readonly<Record<string, unknown>>;

/** What the server says of itself: the token that a change wants, the workflow, and who is at work on its machine. */
export interface About {
  token: string;
  stack: string;
  user: string;
}
export interface Live {
  parts: Parts;
  about: About | undefined;
  connected: boolean;
}

/** A browser that gives up is asked to try again. */
const AGAIN_MS = 1000;

/**
 * Follows a deployment, or the list of all, and calls back with all that is known whenever something of it changes. A server
 * that is gone is asked for again until it is back, and then tells everything anew. Returns how to end it.
 */
export function follow(deployment: string, changed: (live: Live) => void): () => void {
  let live: Live = { parts: {}, about: undefined, connected: false };
  let source: EventSource;
  let timer: number | undefined;
  /** What a server has told that was there before; the first parts of a new one take its place. */
  let stale = false;
  const set = (more: Partial<Live>) => {
    live = { ...live, ...more };
    changed(live);
  };
  const open = () => {
    source = new EventSource(
      deployment === '' ? '/events' : `/events?deployment=${encodeURIComponent(deployment)}`,
    );
    source.addEventListener('about', ({ data }) => set({ about: JSON.parse(data), connected: true }));
    source.addEventListener('parts', ({ data }) => {
      const parts = JSON.parse(data) as Parts;
      const before = stale ? {} : live.parts;
      stale = false;
      set({ parts: { ...before, ...parts } });
    });
    source.addEventListener('error', () => {
      stale = true;
      set({ connected: false });
      if (source.readyState === EventSource.CLOSED) timer = window.setTimeout(open, AGAIN_MS);
    });
  };
  open();
  return () => {
    window.clearTimeout(timer);
    source.close();
  };
}

/** What somebody says to a deployment. */
export interface Saying {
  verb: string;
  deployment: string;
  by: string;
  reason: string;
}

/** Resolves with what became of it; throws one clear error where nothing did. */
export async function say(token: string, saying: Saying): Promise<string> {
  const answer = await fetch('/said', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-greenlight-token': token },
    body: JSON.stringify(saying),
  });
  const { text = '', problem = '' } = await answer.json();
  if (!answer.ok) throw new Error(problem);
  return text;
}
