import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { synthesise } from './assembly';
import { print } from './print';
import { whenStarterIsGone } from './starter';
import { UsageError, type Verb } from './verb';

/** The project's folder: above this file, which is a source or was compiled from it. */
function rootOf(folder: string): string {
  const above = dirname(folder);
  return above === folder || existsSync(join(folder, 'package.json')) ? folder : rootOf(above);
}
const ROOT = rootOf(__dirname);

/** The example's first version is in place and its pipeline has run, so that a deployment can be started at once. */
const PREPARE = 'node bin/run.js examples/story/prepare.ts';
/** Without users there is nothing to judge a release by. */
const USERS = 'node bin/run.js examples/story/users.ts';

/** Of what users send the canary's tenth has to be enough for a verdict in the seconds for which the example bakes. */
const LOAD = 200;
/** What a laptop stands beside everything else. */
const MOST_LOAD = 1000;

const USAGE = `usage: greenlight local [options]

Starts the example in a local cloud on this machine, and keeps it until Ctrl-C.

  --speed N            cloud time runs N times as fast (1)
  --load N             users send N requests per second meanwhile, 0: none (${LOAD}, as much more as time is faster, up to ${MOST_LOAD})
  --fault FAULT        a fault to begin with, e.g. rds:CreateDBSnapshot=before:SnapshotQuotaExceededFault*2 (repeatable)
  --port N             the port of the endpoint (a free one)
  --propagation-ms N   how long load balancers follow old rules after a change (0)
  --throttle RATES     refuse calls beyond these rates: aws, those it publishes for an account (none)
  --images FILE        which folder stands for which container image (examples/images.json)
  --json               print one JSON line when ready, instead of text
  --help               this text`;

const OPTIONS = {
  speed: { type: 'string' },
  load: { type: 'string' },
  fault: { type: 'string', multiple: true },
  port: { type: 'string' },
  'propagation-ms': { type: 'string' },
  throttle: { type: 'string' },
  images: { type: 'string', default: join(ROOT, 'examples', 'images.json') },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; greenlight local --help lists the options`);
  }
}

/** How many requests users send per second; what is no speed is refused by the local cloud. */
function loadOf({ load, speed = '1' }: ReturnType<typeof parse>): number {
  const faster = Math.max(1, Number(speed) || 1);
  if (load === undefined) return Math.round(Math.min(LOAD * faster, MOST_LOAD));
  const rate = Number(load);
  if (load.trim() !== '' && Number.isInteger(rate) && rate >= 0) return rate;
  throw new UsageError(
    `--load needs a whole number of requests per second, 0 for none, got ${JSON.stringify(load)}`,
  );
}

/** The same flags for the program that is the local cloud, which checks their values. */
function flags({ help: _, load: _load, ...values }: ReturnType<typeof parse>): string[] {
  return Object.entries(values).flatMap(([flag, value]) =>
    value === true ? [`--${flag}`] : [value].flat().flatMap((one) => [`--${flag}`, String(one)]),
  );
}

/** Runs the local cloud as a program of its own; it ends with this one, however this one ends. */
function runCloud(args: readonly string[]): Promise<number> {
  const program = [
    join(ROOT, 'bin', 'run.js'),
    join(ROOT, 'local', 'main.ts'),
    '--assembly',
    join(ROOT, 'cdk.out'),
  ];
  const child = spawn(process.execPath, [...program, '--then', PREPARE, '--until-stdin-closes', ...args], {
    cwd: ROOT,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  // in a terminal Ctrl-C reaches both: this one must wait for the other to clean up
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  whenStarterIsGone(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

export const local: Verb = {
  async run(args) {
    const values = parse(args);
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const rate = loadOf(values);
    synthesise(ROOT);
    return runCloud([...(rate > 0 ? ['--beside', `${USERS} ${rate}`] : []), ...flags(values)]);
  },
};
