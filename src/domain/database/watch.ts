import type { WatchLimits } from '../settings/watch-schema';
import { listed } from '../validation/check';

/** A session of the migration. */
export interface MigrationSession {
  pid: number;
  name: string;
  /** It bears the name that it was given. */
  named: boolean;
  /** How long its statement has run. */
  seconds: number;
  /** What it waits for, and for how long; null when it does not. */
  waitsFor: string | null;
  waitsSeconds: number;
  /** Locks that others wait for, such as `AccessExclusiveLock on orders`. */
  holds: string[];
  /** How far a command is that says so, such as `CREATE INDEX: building index, 40 %`; null of others. */
  progress: string | null;
}

/** What one look at a migration has seen of it and of who waits. */
export interface WatchLook {
  sessions: MigrationSession[];
  /** Sessions of others that wait behind the migration, how many of them for `blockedSeconds`, and the longest of them. */
  blocked: number;
  blockedLong: number;
  blockedSeconds: number;
  /** What those are called. */
  blockedNames: string[];
  connections: number;
  maxConnections: number;
  /** How far the write-ahead log is, in bytes: the difference of two looks is what was written between them. */
  walBytes: number;
  /** The largest of the standbys'; null without one. */
  lagSeconds: number | null;
  /** What the slot that is behind most keeps of the write-ahead log; null without one. */
  slotBytes: number | null;
}

/** Why the migration has to be cancelled; undefined when it may go on. */
export function whyCancel(look: WatchLook, limits: WatchLimits): string | undefined {
  if (look.blockedLong > limits.blockedSessions)
    return `${look.blockedLong} sessions (${listed(look.blockedNames)}) have waited behind it for more than ${limits.blockedSeconds} s, the longest for ${look.blockedSeconds} s, and more than ${limits.blockedSessions} may not`;
  if (look.lagSeconds !== null && look.lagSeconds > limits.lagSeconds)
    return `a standby is ${Math.round(look.lagSeconds)} s behind, and ${limits.lagSeconds} s are allowed`;
  return undefined;
}

const MEGABYTE = 1_000_000;
const megabytes = (bytes: number) => `${Math.round(bytes / MEGABYTE)} MB`;

/** What a look has seen, for people; empty when there is nothing of the migration to see. */
export function lookText(look: WatchLook): string {
  if (look.sessions.length === 0) return '';
  const sessions = look.sessions.map(({ seconds, waitsFor, waitsSeconds, holds, progress }) =>
    [
      `a statement for ${seconds} s`,
      ...(waitsFor ? [`which waits for ${waitsFor} for ${waitsSeconds} s`] : []),
      ...(progress ? [progress] : []),
      ...(holds.length > 0 ? [`holds ${listed(holds)}`] : []),
    ].join(', '),
  );
  return [
    ...sessions,
    ...(look.blocked > 0
      ? [`${look.blocked} sessions wait behind it, the longest for ${look.blockedSeconds} s`]
      : []),
    `${look.connections} of ${look.maxConnections} connections`,
    ...(look.lagSeconds === null ? [] : [`standbys ${Math.round(look.lagSeconds)} s behind`]),
    ...(look.slotBytes === null ? [] : [`slots keep ${megabytes(look.slotBytes)} of WAL`]),
  ].join('; ');
}
