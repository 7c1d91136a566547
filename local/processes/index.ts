import { type ChildProcess, type SpawnOptions, spawn as spawnProcess } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startReaper } from './reaper';
import { scratchParent } from './scratch';

export interface ChildOptions extends Omit<SpawnOptions, 'detached'> {
  /** How to ask this program to stop; PostgreSQL's fast shutdown is SIGINT. Default SIGTERM. */
  stopSignal?: NodeJS.Signals;
}

/**
 * Every child process and every temporary file of the local cloud. Nothing of either survives the cloud, also when
 * it is killed with SIGKILL: a reaper process is told of each one in the tick in which it comes to be.
 */
export interface Processes {
  /** A fresh directory `greenlight-…`, by default in memory where there is room; it is removed at the end. */
  readonly workDir: string;
  /** Starts a program in its own process group, so that a Ctrl-C in the terminal does not reach it directly. */
  spawn(command: string, args: readonly string[], options?: ChildOptions): ChildProcess;
  /** Asks the process group to stop, kills it `graceMs` (real time) later. Resolves when the process has ended. */
  stop(child: ChildProcess, graceMs: number, signal?: NodeJS.Signals): Promise<void>;
  /** A directory of that name below `workDir`, made if it is not there. */
  directory(name: string): Promise<string>;
  /** How many processes run that were started here. */
  count(): number;
  /** Their process ids. */
  pids(): number[];
  /** Stops everything and removes `workDir`; called once or more often. */
  close(): Promise<void>;
}

/** How long the children may take to end when the cloud is closed. */
const CLOSE_GRACE_MS = 5_000;

interface Running {
  child: ChildProcess;
  stopSignal: NodeJS.Signals;
  ended: Promise<void>;
}

function signalGroup(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(-pid, signal);
  } catch {
    // the group is gone already
  }
}

/** @param parent where `workDir` is made */
export async function startProcesses(parent = scratchParent()): Promise<Processes> {
  const reaper = startReaper();
  const workDir = mkdtempSync(join(parent, 'greenlight-'));
  reaper.registerDirectory(workDir);
  // PostgreSQL refuses to run as root and is then started as another user, who has to get through here
  chmodSync(workDir, 0o711);
  const running = new Map<number, Running>();
  let closing: Promise<void> | undefined;

  function spawn(command: string, args: readonly string[], options: ChildOptions = {}): ChildProcess {
    if (closing) throw new Error(`${command} cannot be started; the local cloud is closing`);
    const { stopSignal = 'SIGTERM', ...spawnOptions } = options;
    const child = spawnProcess(command, args, { ...spawnOptions, detached: true });
    const { pid } = child;
    if (pid === undefined) return child;
    reaper.registerGroup(pid, stopSignal);
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => {
        // a leader that is gone may have left members of its group behind
        signalGroup(pid, 'SIGKILL');
        running.delete(pid);
        reaper.releaseGroup(pid);
        resolve();
      });
    });
    running.set(pid, { child, stopSignal, ended });
    return child;
  }

  async function stop(child: ChildProcess, graceMs: number, signal?: NodeJS.Signals) {
    const entry = child.pid === undefined ? undefined : running.get(child.pid);
    if (entry === undefined) return;
    signalGroup(child.pid!, signal ?? entry.stopSignal);
    const kill = setTimeout(() => signalGroup(child.pid!, 'SIGKILL'), graceMs);
    await entry.ended;
    clearTimeout(kill);
  }

  async function close() {
    await Promise.all([...running.values()].map(({ child }) => stop(child, CLOSE_GRACE_MS)));
    await rm(workDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    reaper.releaseDirectory(workDir);
    await reaper.close();
  }

  return {
    workDir,
    spawn,
    stop,
    directory: async (name) => {
      const path = join(workDir, name);
      await mkdir(path, { recursive: true });
      return path;
    },
    count: () => running.size,
    pids: () => [...running.keys()],
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
