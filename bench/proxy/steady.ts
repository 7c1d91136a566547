import { startBalancer } from './balancer';
import { CONNECTIONS, load, SECONDS, startOrigin } from './programs';

/** Prints how many requests a second a build's load balancer passes on, and how many its server answers alone. */
async function main(): Promise<void> {
  const origin = await startOrigin('quick-origin');
  const balancer = await startBalancer([origin.port, origin.port]);
  try {
    const { answered, seconds, p50, p99 } = await load(balancer.port, CONNECTIONS, SECONDS);
    const direct = await load(origin.port, CONNECTIONS, SECONDS);
    const alone = direct.answered / direct.seconds;
    console.log(JSON.stringify({ perSecond: answered / seconds, p50, p99, alone }));
  } finally {
    await balancer.close();
    origin.child.kill('SIGKILL');
  }
}

void main();
