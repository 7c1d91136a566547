import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** A folder in memory that programs may be started from, of Linux alone. */
const MEMORY = '/dev/shm';
/** Two clouds with their services have a gigabyte of files at once; the programs that they start want more than that. */
const ROOM = 6 * 1024 ** 3;

export interface Machine {
  /** Whether somebody has said where temporary files go. */
  told: boolean;
  /** The text of /proc/mounts. */
  mounts: string;
  /** Bytes that the folder in memory has left. */
  left: number;
  /** Bytes of memory that this process may still take. */
  available: number;
}

/** Whether a cloud's files have room in memory. */
export function fitsInMemory({ told, mounts, left, available }: Machine): boolean {
  const options = new RegExp(`^\\S+ ${MEMORY} tmpfs (\\S+)`, 'm').exec(mounts)?.[1]?.split(',') ?? ['noexec'];
  return !told && options.includes('rw') && !options.includes('noexec') && Math.min(left, available) >= ROOM;
}

function machine(): Machine {
  const { bavail, bsize } = statfsSync(MEMORY);
  return {
    told: process.env.TMPDIR !== undefined,
    mounts: readFileSync('/proc/mounts', 'utf8'),
    left: bavail * bsize,
    available: process.availableMemory(),
  };
}

/**
 * Where databases go that nobody keeps, with everything beside them. A database is 300 files, and ext4 passes over each file that
 * was deleted in the last minutes when it makes one: where databases come and go, the next one takes 0.6 s there and 0.02 s in
 * memory. `TMPDIR` says where else; without room in memory it is the system's temporary folder.
 */
export const scratchParent = (): string =>
  process.platform === 'linux' && existsSync(MEMORY) && fitsInMemory(machine()) ? MEMORY : tmpdir();
