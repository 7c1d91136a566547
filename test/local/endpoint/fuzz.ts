import { type Report, roundTrip, rpcServices, startEcho } from './round-trip';
import { cloudWatchProtocols } from './sdk';

const rounds = Number(process.argv[2] ?? 20);

function print(name: string, { operations, errors, calls, mismatches }: Report): void {
  console.log(
    `${name.padEnd(20)} ${operations} operations, ${errors} errors, ${calls} calls, ${mismatches.length} mismatches`,
  );
  for (const mismatch of mismatches.slice(0, 5)) console.log(`  ${mismatch}`);
}

async function main(): Promise<void> {
  const echo = await startEcho();
  let mismatches = 0;
  const run = async (name: string, service: string, options?: object) => {
    const report = await roundTrip(echo, service, rounds, options);
    print(name, report);
    mismatches += report.mismatches.length;
  };
  for (const service of rpcServices) await run(service, service);
  for (const [name, options] of Object.entries(cloudWatchProtocols)) {
    await run(`monitoring (${name})`, 'monitoring', options);
  }
  await echo.endpoint.close();
  process.exitCode = mismatches === 0 ? 0 : 1;
}

void main();
