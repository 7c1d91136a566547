import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Counts, noCounts, plus, requests } from './counts';

/** The users, as the story sees them. */
export interface Traffic {
  /** Everything counted so far, at most 250 ms old. */
  totals(): Counts;
  /** The same, but with all that was answered before the call. */
  mark(): Promise<Counts>;
  /** What the last second brought. */
  lastSecond(): Counts;
  /** Requests per second since the start. */
  rps(): number;
  /** Rejects when the users went away by themselves. */
  readonly lost: Promise<never>;
  /** Waits for the answers that are under way; called once or more often. */
  stop(): Promise<void>;
}

/** A load that nobody stops ends here. */
const LONGEST_SECONDS = 24 * 3600;
const REPORTS_PER_SECOND = 4;

/** Starts users who send `rate` requests per second to `url`. */
export function startTraffic(url: string, rate: number, seconds = LONGEST_SECONDS): Traffic {
  const child = spawn(
    process.execPath,
    [join(__dirname, '../../bin/run.js'), join(__dirname, 'load.ts'), url, String(rate), String(seconds)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  // the child may be gone when its input is closed
  child.stdin.on('error', () => {});
  let totals = noCounts();
  let recent: Counts[] = [];
  let firstAt: number | undefined;
  let lastAt = 0;
  let stopping = false;
  lines.on('line', (line) => {
    const counts = JSON.parse(line) as Counts;
    totals = plus(totals, counts);
    recent = [...recent, counts].slice(-REPORTS_PER_SECOND);
    lastAt = performance.now();
    firstAt ??= lastAt - 1000 / REPORTS_PER_SECOND;
  });

  const lost = ended.then(([code]) => {
    if (!stopping) throw new Error(`the load generator ended by itself with ${code}; see its messages above`);
    return new Promise<never>(() => {});
  });
  // somebody may look at it later than it rejects
  lost.catch(() => {});

  return {
    totals: () => totals,
    async mark() {
      await Promise.race([once(lines, 'line'), ended]);
      return totals;
    },
    lastSecond: () => recent.reduce(plus, noCounts()),
    rps: () => (firstAt === undefined ? 0 : requests(totals) / Math.max(0.001, (lastAt - firstAt) / 1000)),
    lost,
    async stop() {
      stopping = true;
      child.stdin.end();
      await ended;
    },
  };
}
