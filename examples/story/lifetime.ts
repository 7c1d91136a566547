import { execFileSync } from 'node:child_process';

const POLL_MS = 500;
const SHELLS = new Set(['sh', 'dash', 'bash']);

function parentOf(pid: number): { parent: number; name: string } | undefined {
  try {
    const [parent = '', name = ''] = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return { parent: Number(parent), name: name.slice(name.lastIndexOf('/') + 1) };
  } catch {
    return undefined;
  }
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** npm may run a script through a shell that survives it: then npm is the shell's parent. */
function npmOf(parent: number): number | undefined {
  if (!process.env.npm_lifecycle_event) return undefined;
  const found = parentOf(parent);
  return found && SHELLS.has(found.name) ? found.parent : parent;
}

/** Rejects with Interrupted when the story has to end: Ctrl-C, a signal, or npm is gone (a killed npm tells nobody). */
export function timeToEnd(): Promise<never> {
  const parent = process.ppid;
  const npm = npmOf(parent);
  return new Promise((_, reject) => {
    const end = (reason: string) => reject(new Interrupted(reason));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
    setInterval(() => {
      if (process.ppid !== parent || (npm && !isAlive(npm))) end('the program that started it is gone');
    }, POLL_MS).unref();
  });
}

/** Somebody asked for the end. */
export class Interrupted extends Error {
  constructor(readonly reason: string) {
    super(`ended: ${reason}`);
    this.name = 'Interrupted';
  }
}
