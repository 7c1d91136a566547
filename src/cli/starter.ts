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

/** npm and npx may run a program through a shell that survives them: then they are the shell's parent. */
function npmOf(parent: number): number | undefined {
  if (!process.env.npm_lifecycle_event) return undefined;
  const found = parentOf(parent);
  return found && SHELLS.has(found.name) ? found.parent : parent;
}

/** Calls back once whoever started this program is gone: a killed npm tells nobody. Does not keep the program alive. */
export function whenStarterIsGone(callback: () => void): void {
  const parent = process.ppid;
  const npm = npmOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isAlive(npm))) return;
    clearInterval(timer);
    callback();
  }, POLL_MS).unref();
}
