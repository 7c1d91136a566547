import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../whole-number';
import { count } from './count';
import { written } from './page';
import { type SequenceOptions, sequence } from './sequence';
import { together } from './together';

const USAGE = `usage: npm run scale -- --deployments N | --services N | --count [--write]

  --deployments N   N deployments of one service, one after the other; what the local cloud holds on to is printed, and
                    from 300 on its memory has to be flat: at most 5 % more in the last hundred than in the second
  --every N         how often it is printed (100)
  --json            with --deployments: print one JSON document on stdout, the rest on stderr
  --services N      N services that deploy at the same time, at the request rates that AWS publishes
  --count           count the API calls of one deployment, and print docs/scale.md with them
  --write           write it instead
  --speed N         cloud time runs N times as fast (200 with --deployments, 1 with --services)
  --assembly DIR    a fleet that test/scale/synth.ts has synthesised before`;

const OPTIONS = {
  deployments: { type: 'string' },
  every: { type: 'string', default: '100' },
  json: { type: 'boolean' },
  services: { type: 'string' },
  count: { type: 'boolean' },
  write: { type: 'boolean' },
  help: { type: 'boolean' },
  speed: { type: 'string' },
  assembly: { type: 'string' },
} as const;

const PAGE = join(__dirname, '..', '..', 'docs', 'scale.md');

async function page(write: boolean, assembly?: string): Promise<number> {
  const text = written(readFileSync(PAGE, 'utf8'), await count({ assembly }));
  if (write) writeFileSync(PAGE, text);
  else process.stdout.write(text);
  return 0;
}

async function deployAll(
  deployments: number,
  json: boolean,
  options: Omit<SequenceOptions, 'say'>,
): Promise<number> {
  const ended = await sequence(deployments, { ...options, say: json ? console.error : console.log });
  if (json) console.log(JSON.stringify(ended));
  return ended.wrong + (ended.memory?.flat === false ? 1 : 0);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  const { deployments, every, services, speed, assembly } = values;
  if (values.count) return page(values.write ?? false, assembly);
  if (deployments)
    return deployAll(wholeNumber('deployments', deployments), values.json ?? false, {
      speed: wholeNumber('speed', speed ?? '200'),
      every: wholeNumber('every', every),
      assembly,
    });
  if (services)
    return together({
      services: wholeNumber('services', services),
      speed: wholeNumber('speed', speed ?? '1'),
      assembly,
    });
  console.error(USAGE);
  return values.help ? 0 : 2;
}

main().then(
  (wrong) => process.exit(Math.min(wrong, 1)),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  },
);
