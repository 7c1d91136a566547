import { parseArgs } from 'node:util';
import { sequence } from './sequence';
import { together } from './together';

const USAGE = `usage: npm run scale -- --deployments N | --services N

  --deployments N   N deployments of one service, one after the other; what the local cloud holds on to is printed
  --every N         how often it is printed (100)
  --services N      N services that deploy at the same time, at the request rates that AWS publishes
  --speed N         cloud time runs N times as fast (200 with --deployments, 1 with --services)
  --assembly DIR    a fleet that test/scale/synth.ts has synthesised before`;

const OPTIONS = {
  deployments: { type: 'string' },
  every: { type: 'string', default: '100' },
  services: { type: 'string' },
  speed: { type: 'string' },
  assembly: { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { deployments, every, services, speed, assembly } = parseArgs({ options: OPTIONS }).values;
  if (deployments)
    return sequence(Number(deployments), { speed: Number(speed ?? 200), every: Number(every), assembly });
  if (services) return together({ services: Number(services), speed: Number(speed ?? 1), assembly });
  console.error(USAGE);
  return 2;
}

main().then(
  (wrong) => process.exit(Math.min(wrong, 1)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
