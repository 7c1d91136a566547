import type { Settings } from './settings';

/** A database as RDS knows it: an instance, or a DB cluster of Amazon Aurora. The two share no operation of its API. */
export interface RdsDatabase {
  kind: 'instance' | 'cluster';
  name: string;
}

/**
 * The database of a service, or the one that took its place in a restore, which is of the same kind.
 * @param name of the one that serves; that of the settings by default
 */
export function databaseIn(
  { database: { instance, cluster } }: { database: Pick<Settings['database'], 'instance' | 'cluster'> },
  name?: string,
): RdsDatabase {
  return cluster === undefined
    ? { kind: 'instance', name: name ?? instance ?? '' }
    : { kind: 'cluster', name: name ?? cluster };
}

/** As people read of it. */
export const shownDatabase = ({ kind, name }: RdsDatabase) => `database ${kind} ${name}`;
