import { awsOf } from './clients';
import { requests } from './counts';
import { startTraffic } from './traffic';

/**
 * Users of the shop for as long as a local cloud runs: `users.ts <requests per second>`. `greenlight local` runs this beside
 * its cloud. Prints one line once so many requests as come in a second were counted, and ends when its standard input does.
 */
async function main(): Promise<void> {
  // Ctrl-C reaches everybody: whoever started this decides when the users leave
  process.on('SIGINT', () => {});
  const left = new Promise((resolve) => process.stdin.resume().on('end', resolve).on('error', resolve));
  const rate = Number(process.argv[2]);
  const url = await awsOf(JSON.parse(process.env.LOCAL_CLOUD ?? '{}')).shopUrl();
  const traffic = startTraffic(url, rate);
  while (requests(traffic.totals()) < rate) await Promise.race([traffic.mark(), traffic.lost]);
  console.log(`users send ${rate} requests per second to ${url}; --load 0 starts none`);
  await Promise.race([left, traffic.lost]);
  await traffic.stop();
}

void main();
