import { parseArgs } from 'node:util';
import { sequence } from './sequence';

const USAGE = `usage: npm run scale -- --deployments N

  --deployments N   N deployments of one service, one after the other; what the local cloud holds on to is printed
  --every N         how often it is printed (100)
  --speed N         cloud time runs N times as fast (200)
  --assembly DIR    a fleet that test/scale/synth.ts has synthesised before`;

const OPTIONS = {
  deployments: { type: 'string' },
  every: { type: 'string', default: '100' },
  speed: { type: 'string', default: '200' },
  assembly: { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { deployments, every, speed, assembly } = parseArgs({ options: OPTIONS }).values;
  if (deployments)
    return sequence(Number(deployments), { speed: Number(speed), every: Number(every), assembly });
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
