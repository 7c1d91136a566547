import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What the reaper is told; it acts on what is still registered when this process is gone. */
export interface Reaper {
  readonly pid: number;
  /** `id` is the process id of a group leader; `signal` is how to ask it to stop. */
  registerGroup(id: number, signal: NodeJS.Signals): void;
  releaseGroup(id: number): void;
  registerDirectory(path: string): void;
  releaseDirectory(path: string): void;
  /** Resolves once the reaper has ended; whatever is still registered is stopped and removed by it. */
  close(): Promise<void>;
}

/** Starts the process that cleans up when this one ends without doing so. */
export function startReaper(): Reaper {
  const child = spawn(process.execPath, [join(__dirname, 'reaper-process.js')], {
    // in its own session: a Ctrl-C or a kill of this process's group must not reach it
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  });
  if (child.pid === undefined)
    throw new Error(`the reaper process could not be started with ${process.execPath}`);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // a reaper that somebody killed must not take the cloud with it: close() of the processes works without it
  child.stdin.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  const tell = (...words: (string | number)[]) => {
    if (child.exitCode === null) child.stdin.write(`${words.join(' ')}\n`);
  };
  return {
    pid: child.pid,
    registerGroup: (id, signal) => tell('group', id, signal),
    releaseGroup: (id) => tell('gone', id),
    registerDirectory: (path) => tell('directory', path),
    releaseDirectory: (path) => tell('removed', path),
    close: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
