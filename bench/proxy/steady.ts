import { startBalancer } from './balancer';
import { startOrigin, steadyLoad } from './programs';

/** Prints how many requests a second a build's load balancer passes on, and how many its server answers alone. */
async function main(): Promise<void> {
  const origin = await startOrigin('quick-origin');
  const balancer = await startBalancer([origin.port, origin.port]);
  try {
    const { answered, seconds, p50, p99 } = await steadyLoad(balancer.port);
    const direct = await steadyLoad(origin.port);
    const alone = direct.answered / direct.seconds;
    console.log(JSON.stringify({ perSecond: answered / seconds, p50, p99, alone }));
  } finally {
    await balancer.close();
    origin.child.kill('SIGKILL');
  }
}

void main();
