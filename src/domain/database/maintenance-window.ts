import type { MigrationPlan } from '../migrations/plan';
import { classes, type MigrationClass } from '../migrations/types';
import { secondsSince } from '../time/deadline';

/** What still could write to the database of a closed service. */
export interface Writers {
  /** Why a slot keeps running; empty once both have been told to stop. */
  kept: string[];
  /** Tasks of both slots that still run. */
  tasks: number;
  /** Client sessions of the database by what they call themselves, without the deployment's own looks. */
  sessions: Record<string, number>;
  /** How long the service has been closed, once that is too long. */
  late: string | undefined;
}

/**
 * Can nobody write any more? A service without tasks proves nothing about the database: cron jobs, consoles and other
 * services connect by themselves, and what they write after the snapshot would be lost with a restore.
 */
export function judgeWriters({ kept, tasks, sessions, late }: Writers): {
  status: 'stopped' | 'stopping' | 'refused';
  cause: string;
} {
  const left = [
    ...kept,
    ...(tasks > 0 ? [`${tasks} tasks are stopping`] : []),
    ...Object.entries(sessions).map(
      ([program, count]) => `${count} sessions of ${program} are connected to the database`,
    ),
  ];
  if (left.length === 0) return { status: 'stopped', cause: '' };
  const cause = left.join(', ');
  return late
    ? {
        status: 'refused',
        cause: `after ${late} the database could still be written to: ${cause}; end what keeps them open, then deploy again`,
      }
    : { status: 'stopping', cause };
}

/** How long users got the maintenance page, in whole seconds; null when the service was never closed. */
export const windowLength = (closedAt: string | null, now: Date): number | null =>
  closedAt === null ? null : Math.round(secondsSince(closedAt, now));

/** A sentence's end about it: empty without a window. */
export const aboutWindow = (seconds: number | null) =>
  seconds === null ? '' : `; the service was closed for ${seconds} s`;

const HARMLESS: readonly MigrationClass[] = ['none', 'expand', 'expand-slow'];

/**
 * May the previous version serve on the new schema? It may when no statement breaks it, or when
 * the migrations were allowed beside it, because somebody accepts them.
 */
export const fitsBlue = ({ strategies, classes: counted }: Pick<MigrationPlan, 'strategies' | 'classes'>) =>
  strategies.some((strategy) => strategy !== 'MAINTENANCE') ||
  classes.every((kind) => HARMLESS.includes(kind) || !counted[kind]);
