import { DRAIN_SECONDS, startBalancer } from './balancer';
import { CONNECTIONS, load, startOrigin } from './programs';

/** Prints what a build's load balancer loses while traffic moves from side to side, and the old side drains and stops. */
const SHIFTS = [
  [90, 10],
  [50, 50],
  [10, 90],
  [0, 100],
] as const;
const SHIFT_MS = 1_500;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function main(): Promise<void> {
  const [blue, green] = [await startOrigin('origin'), await startOrigin('origin')];
  const balancer = await startBalancer([blue.port, green.port]);
  try {
    const seconds = (SHIFTS.length * SHIFT_MS) / 1_000 + DRAIN_SECONDS + 2;
    const loads = load(balancer.port, CONNECTIONS, seconds, 0.25);
    for (const weights of SHIFTS) {
      await sleep(SHIFT_MS);
      balancer.shift(weights);
    }
    await balancer.drainBlue();
    blue.child.kill('SIGTERM');
    const { answered, lost } = await loads;
    console.log(JSON.stringify({ moved: answered + lost, lost }));
  } finally {
    await balancer.close();
    for (const { child } of [blue, green]) child.kill('SIGKILL');
  }
}

void main();
