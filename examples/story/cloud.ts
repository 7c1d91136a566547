import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Options } from './options';

const root = join(__dirname, '../..');
const ASSEMBLY = 'cdk.out';
/** Longer than the cloud takes to end everything it started. */
const CLOSE_MS = 30_000;

/** The local cloud, as its command reports it once everything is ready. */
export interface RunningCloud {
  endpoint: string;
  /** Outputs of the template. */
  outputs: Record<string, string>;
  /** Its directory of temporary files. */
  workDir?: string;
  /** Rejects when the cloud ended by itself. */
  readonly lost: Promise<never>;
  /** Ends it with everything it started; called once or more often. */
  close(): Promise<void>;
}

const run = (args: string[]) =>
  spawn(process.execPath, args, { cwd: root, env: process.env, stdio: ['pipe', 'pipe', 'pipe'] });

/** Writes the app's cloud assembly, unless it is there already; `log` receives what it prints. */
export async function synthesise(log: (line: string) => void): Promise<void> {
  const child = run(['bin/synth.js']);
  forward(child.stdout, log);
  forward(child.stderr, log);
  const [code] = await once(child, 'close');
  if (code !== 0)
    throw new Error(`the app cannot be synthesised (exit code ${code}); see its messages above`);
}

function forward(stream: Readable, log: (line: string) => void) {
  createInterface({ input: stream }).on('line', log);
}

async function close(child: ChildProcess, ended: Promise<unknown>) {
  child.stdin?.end();
  const impatient = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
  await ended;
  clearTimeout(impatient);
}

/** Starts the local cloud with the assembly and waits until it is ready; `log` receives its progress. */
export async function startCloud(
  { faults, consistency }: Pick<Options, 'faults' | 'consistency'>,
  log: (line: string) => void,
): Promise<RunningCloud> {
  const args = ['--assembly', ASSEMBLY, '--images', 'examples/images.json', '--json', '--until-stdin-closes'];
  const child = run([
    'bin/run.js',
    'local/main.ts',
    ...args,
    ...faults.flatMap((fault) => ['--fault', fault]),
    ...(consistency === undefined ? [] : [`--consistency=${consistency}`]),
  ]);
  // the cloud may be gone when its input is closed
  child.stdin.on('error', () => {});
  forward(child.stderr, log);
  let closing = false;
  const ended = once(child, 'close');
  const lost = ended.then(([code]) => {
    if (!closing) throw new Error(`the local cloud ended by itself with ${code}; see its messages above`);
    return new Promise<never>(() => {});
  });
  // somebody may look at it later than it rejects
  lost.catch(() => {});
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), lost]);
  return {
    ...(JSON.parse(line) as Pick<RunningCloud, 'endpoint' | 'outputs' | 'workDir'>),
    lost,
    close() {
      closing = true;
      return close(child, ended);
    },
  };
}
