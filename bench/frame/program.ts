import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A program that has ended well, with what it cost. */
export interface Ran {
  stdout: string;
  wallMs: number;
  /** User and system time of the program and of everything it started. */
  cpuMs: number;
}

export interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Exit codes that are an answer, not a failure ([0]). */
  answers?: readonly number[];
  /** Each line of both of its outputs, and how long after its start it came. */
  onLine?: (line: string, ms: number) => void;
}

/**
 * bash tells what all descendants cost that somebody waited for, as getrusage(RUSAGE_CHILDREN) counts it; Node.js knows only
 * its own process. Where there is perl, everybody is waited for.
 */
const TIMED = `TIMEFORMAT='%3R %3U %3S'; exec 4>&2; { time "$@" 2>&4 3>&- 4>&-; } 2>&3`;
const ADOPT = ['perl', join(__dirname, 'adopt.pl')];
const hasPerl = spawnSync('perl', ['-v'], { stdio: 'ignore' }).status === 0;
const LAST_LINES = 15;
/** A story closes a cloud in its own time. */
const CLOSE_MS = 30_000;

const running = new Set<ChildProcess>();
let ending = false;
/** Who asked for something that is being ended need not go on. */
const never = () => new Promise<never>(() => {});

function collected(stream: Readable, each: (line: string) => void): string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    each(line);
  });
  return lines;
}

/** Runs a program to its end; rejects when its exit code is no answer. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env, answers = [0], onLine = () => {} }: RunOptions,
): Promise<Ran> {
  if (ending) return never();
  const began = performance.now();
  const child = spawn('bash', ['-c', TIMED, 'bash', ...(hasPerl ? ADOPT : []), command, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // a group of its own, so that it can be ended with everything it has started
    detached: true,
  });
  running.add(child);
  const each = (line: string) => onLine(line, performance.now() - began);
  const stdout = collected(child.stdout as Readable, each);
  const stderr = collected(child.stderr as Readable, each);
  const times = collected(child.stdio[3] as Readable, () => {});
  const [code] = await once(child, 'close');
  running.delete(child);
  if (ending) return never();
  if (!answers.includes(code)) {
    const last = [...stdout, ...stderr].slice(-LAST_LINES).join('\n');
    throw new Error(`${[command, ...args].join(' ')} ended with ${code}\n${last}`);
  }
  // the decimal point is the locale's
  const [wall = 0, user = 0, system = 0] = (times.at(-1) ?? '')
    .split(' ')
    .map((seconds) => 1_000 * Number(seconds.replace(',', '.')));
  return { stdout: stdout.join('\n'), wallMs: wall, cpuMs: user + system };
}

const kept = new Set<ChildProcess>();

/** Remembers a program that is to run until it is told to end, which takes SIGINT for that. */
export function keep(child: ChildProcess): void {
  if (ending) child.kill('SIGINT');
  kept.add(child);
  child.once('exit', () => kept.delete(child));
}

/** Ends what was kept, the newest first; by force where it takes too long. */
export async function endKept(): Promise<void> {
  for (const child of [...kept].reverse()) {
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    const impatient = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
    await ended;
    clearTimeout(impatient);
  }
}

/** Ends every program that runs, with what it has started. */
export async function endAll(): Promise<void> {
  ending = true;
  const ends = [...running].map(async (child) => {
    const signal = (name: NodeJS.Signals) => {
      try {
        process.kill(-child.pid!, name);
      } catch {
        // the group is gone
      }
    };
    const ended = once(child, 'close');
    signal('SIGTERM');
    const impatient = setTimeout(() => signal('SIGKILL'), CLOSE_MS);
    await ended;
    clearTimeout(impatient);
  });
  await Promise.all([...ends, endKept()]);
}
