import { type Clock, scaledClock } from '../../../local/clock';
import { ProxyListener } from '../../../local/proxy/listener';
import type { Action } from '../../../local/proxy/route';
import { Tally } from '../../../local/proxy/tally';
import { TargetGroup } from '../../../local/proxy/target-group';
import { type Origin, startOrigin } from './origin';

/** What ends with the test that is running. */
export const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** An origin that ends with its test. */
export async function origin(...parameters: Parameters<typeof startOrigin>): Promise<Origin> {
  const started = await startOrigin(...parameters);
  closers.push(started.close);
  return started;
}

export const INTERVAL_MS = 10_000;

export function group(
  name: string,
  { clock = scaledClock(1_000) as Clock, healthy = 3, unhealthy = 2, enabled = true } = {},
) {
  const check = {
    enabled,
    path: '/health',
    port: 'traffic-port' as const,
    intervalMs: INTERVAL_MS,
    timeoutMs: 5_000,
    healthyThreshold: healthy,
    unhealthyThreshold: unhealthy,
    matcher: '200',
  };
  const options = { fullName: `targetgroup/${name}/1`, deregistrationDelayMs: 30_000, check };
  const made = new TargetGroup(options, clock);
  closers.push(() => made.close());
  return made;
}

/** A group that is in use and sends everything to the given ports, without health checks. */
export function open(name: string, ...ports: number[]) {
  return openAt(scaledClock(1_000), name, ...ports);
}

export function openAt(clock: Clock, name: string, ...ports: number[]) {
  const made = group(name, { enabled: false, clock });
  made.use(true);
  for (const port of ports) made.register('127.0.0.1', port);
  return made;
}

export async function listen(action: Action, { retryGet = false, idleTimeoutMs = 60_000 } = {}) {
  const tally = new Tally();
  const listener = await ProxyListener.open({ tally, tallyOf: () => new Tally(), retryGet, idleTimeoutMs });
  closers.push(() => listener.close());
  listener.follow([{ matches: () => true, action }]);
  return { listener, tally, url: `http://127.0.0.1:${listener.port}` };
}

export const forward = (...groups: [TargetGroup, number][]): Action => ({
  type: 'forward',
  groups: groups.map(([group, weight]) => ({ group, weight })),
});

export const stateOf = (made: TargetGroup, { port }: Origin) => made.find('127.0.0.1', port)?.state;
