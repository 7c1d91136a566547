import { execFileSync } from 'node:child_process';

/** A process of this machine; the start time tells it from a later one with the same id. */
export interface Seen {
  pid: number;
  parent: number;
  started: string;
  command: string;
  zombie: boolean;
}

const START_WORDS = 5;

/** `ps` prints one line per process: `<pid> <ppid> <stat> <lstart, five words> <command line>`. */
export function parseProcesses(text: string): Seen[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length > 3 + START_WORDS)
    .map(([pid, parent, state = '', ...rest]) => ({
      pid: Number(pid),
      parent: Number(parent),
      zombie: state.startsWith('Z'),
      started: rest.slice(0, START_WORDS).join(' '),
      command: rest.slice(START_WORDS).join(' '),
    }));
}

export const processesNow = () =>
  parseProcesses(execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart=,args='], { encoding: 'utf8' }));

export function descendantsOf(root: number, all: readonly Seen[]): Seen[] {
  const children = all.filter(({ parent }) => parent === root);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

/**
 * Remembers every descendant of this process that it sees, so that one that outlives its parents, and then
 * belongs to nobody, is still known to be ours. Those that run already are not: the loader of TypeScript has a
 * compiler process, which ends with this one.
 */
export function watchDescendants() {
  const seen = new Map<number, Seen>();
  const earlier = new Set(descendantsOf(process.pid, processesNow()).map(({ pid }) => pid));
  return {
    look() {
      for (const found of descendantsOf(process.pid, processesNow()))
        if (!earlier.has(found.pid)) seen.set(found.pid, found);
    },
    /** Those that were seen and are still alive. */
    alive: (now = processesNow()) =>
      now.filter(({ pid, started, zombie }) => !zombie && seen.get(pid)?.started === started),
  };
}
