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

const USAGE = `usage: greenlight local [options]

Starts the example in a local cloud on this machine, and keeps it until Ctrl-C.

  --speed N            cloud time runs N times as fast (1)
  --fault FAULT        a fault to begin with, e.g. rds:CreateDBSnapshot=before:SnapshotQuotaExceededFault*2 (repeatable)
  --port N             the port of the endpoint (a free one)
  --propagation-ms N   how long load balancers follow old rules after a change (0)
  --throttle RATES     refuse calls beyond these rates: aws, those it publishes for an account (none)
  --images FILE        which folder stands for which container image (examples/images.json)
  --json               print one JSON line when ready, instead of text
  --help               this text`;

const OPTIONS = {
  speed: { type: 'string' },
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

/** The same flags for the program that is the local cloud, which checks their values. */
function flags({ help: _, ...values }: ReturnType<typeof parse>): string[] {
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
    synthesise(ROOT);
    return runCloud(flags(values));
  },
};
