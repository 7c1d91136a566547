import { randomUUID } from 'node:crypto';
import type { Deployment } from '../domain/deployment/deployment';
import type { Blue } from '../domain/deployment/variables';
import {
  beyondLimits,
  hopeless,
  lostSlice,
  minutesOf,
  type PerformanceTest,
  published,
  reachesUsers,
  type Slice,
  slicesOf,
  slowerThanBlue,
  tellWave,
} from '../domain/evidence/performance';
import { named, type TestResult, testName } from '../domain/evidence/smoke-tests';
import { otherSlot } from '../domain/settings/choices';
import { secondsSince } from '../domain/time/deadline';
import { FUNCTION_TIMEOUT_SECONDS } from '../domain/time/limits';
import { type Claims, claims } from './journal';
import { type Load, load } from './load';
import { type Metrics, metrics } from './metrics';
import { type TestWeightsReader, testWeightsReader, type WeightsReader, weightsReader } from './traffic';

/** What it takes to make waves of requests on green. */
export const performanceTests = { claims, load, metrics, testWeightsReader, weightsReader };
interface Ports {
  claims: Claims;
  load: Load;
  metrics: Metrics;
  testWeightsReader: TestWeightsReader;
  weightsReader: WeightsReader;
}

export interface Asked {
  deployment: Deployment;
  live: Blue;
  base: string;
  now: Date;
}

/**
 * One look at a performance test: sends its next slice, or judges the wave. A slice is claimed before it is sent, so a function
 * that dies takes its slice with it and no other one sends it again: the wave is never larger than the settings say.
 */
export async function performanceTest(
  test: PerformanceTest,
  index: number,
  asked: Asked,
  ports: Ports,
): Promise<TestResult> {
  const { deployment, now } = asked;
  const { id, settings } = deployment;
  const judged = await ports.claims.claimed(id, `performance#${index}`);
  if (judged) return judged;
  const wave = test.performance;
  const planned = slicesOf(wave);
  const slices = await sentSlices(id, index, ports);
  const told = (status: TestResult['status'], because: string): TestResult => ({
    ...named(test),
    status,
    because: `${testName(test)} ${because}`,
  });
  const end = (status: 'passed' | 'failed', because: string) =>
    ports.claims.claim(id, `performance#${index}`, told(status, because));

  const never = hopeless(wave, slices);
  if (never) return end('failed', never);
  const seconds = planned[slices.length];
  if (seconds !== undefined) {
    const slice = await nextSlice(test, `${index}/${slices.length}`, seconds, asked, ports);
    if (typeof slice === 'string') return end('failed', slice);
    const sent = slice ? [...slices, slice] : slices;
    return told('running', `has sent ${sent.length} of ${planned.length} parts: ${tellWave(sent)}`);
  }
  const beyond = beyondLimits(wave, slices);
  if (beyond.length > 0) return end('failed', `is beyond its limits: ${beyond.join('; ')}`);

  const { periodSeconds } = settings.thresholds;
  const ended = await ports.claims.claim(id, `wave-ended#${index}`, now.toISOString());
  const { from, until } = minutesOf(slices, ended, periodSeconds);
  const passed = `passed: ${tellWave(slices)}`;
  // what comes next looks at green's minutes, and the wave is not to be in them
  if (now < until) return told('running', 'waits for the end of its last minute');
  // closed, or served for the first time: nobody is on blue
  if (wave.latencyIncrease === null || deployment.strategy === 'MAINTENANCE' || asked.live.first)
    return end('passed', `${passed}; not compared with blue`);
  const sides = await bothSides(asked, from, until, ports);
  if (!published(slices, sides, { until, periodSeconds, now }))
    return told('running', 'waits for what the load balancer publishes of its minutes');
  const { slower, said } = slowerThanBlue(wave.latencyIncrease, sides, settings.thresholds);
  return slower ? end('failed', said) : end('passed', `${passed}; ${said}`);
}

async function sentSlices(id: string, index: number, { claims }: Ports): Promise<Slice[]> {
  const slices: Slice[] = [];
  for (;;) {
    const slice = await claims.claimed(id, `slice#${index}/${slices.length}`);
    if (!slice) return slices;
    slices.push(slice);
  }
}

/** What came of a slice; undefined while another function may be sending it; in words, why nothing may be sent. */
async function nextSlice(
  { performance: wave }: PerformanceTest,
  name: string,
  seconds: number,
  asked: Asked,
  ports: Ports,
): Promise<Slice | string | undefined> {
  const { deployment, base, now } = asked;
  const { id, settings } = deployment;
  const mine = { by: randomUUID(), at: now.toISOString() };
  const begun = (await ports.claims.claimed(id, `slice-begun#${name}`)) ?? mine;
  if (begun !== mine)
    return secondsSince(begun.at, now) > FUNCTION_TIMEOUT_SECONDS
      ? ports.claims.claim(id, `slice#${name}`, lostSlice(begun.at))
      : undefined;
  const before = await usersReached(asked, ports);
  if (before) return `was not begun: ${before}`;
  const first = await ports.claims.claim(id, `slice-begun#${name}`, mine);
  if (first.by !== mine.by) return undefined;
  const sent = await ports.load.send(base, wave, seconds, settings.traffic?.testHost);
  const after = await usersReached(asked, ports);
  if (after) return `was ended: ${after}`;
  return ports.claims.claim(id, `slice#${name}`, { at: begun.at, ...sent });
}

async function usersReached({ deployment: { settings }, live }: Asked, ports: Ports) {
  const [test, production] = await Promise.all([
    ports.testWeightsReader.of(settings),
    ports.weightsReader.of(settings),
  ]);
  return reachesUsers(test, production, otherSlot(live.slot));
}

/** Both at once, because what is compared has to be of the same minutes. */
async function bothSides({ deployment, live }: Asked, from: Date, until: Date, { metrics }: Ports) {
  const [green, blue] = await Promise.all(
    [otherSlot(live.slot), live.slot].map((slot) => metrics.periods(deployment.settings, slot, from, until)),
  );
  return { green: green ?? [], blue: blue ?? [] };
}
