import { createHash } from 'node:crypto';
import type { Round } from '../seeds/rounds';
import type { RdsDatabase } from '../settings/database';

/** How what a deployment starts is found again: on tasks, and on the database sessions of its migration. */

/**
 * A deployment's id as a part of a name that allows less than an execution's does. What has to be changed gets a hash of
 * the id behind it, so that deployments that differ stay different.
 */
function part(deployment: string, allowed: RegExp, longest: number): string {
  const kept = deployment
    .replace(allowed, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '');
  if (kept === deployment && kept.length <= longest) return kept;
  const hash = createHash('sha256').update(deployment).digest('hex').slice(0, 10);
  return `${kept.slice(0, longest - hash.length - 1).replace(/-+$/, '')}-${hash}`.replace(/^-/, '');
}

/** PostgreSQL cuts application names at 63 bytes, so the whole mark must fit. */
export const applicationName = (deployment: string) => `greenlight-${part(deployment, /[^\x20-\x7e]/g, 52)}`;

/**
 * ECS allows 128 letters, digits, hyphens, slashes and underscores in `startedBy`; an execution name has at most 80
 * characters, of more kinds. Source: Amazon ECS API Reference, RunTask.
 */
export const startedBy = <Kind extends Round | 'contract' | 'revert' | 'trial' | `smoke-${number}`>(
  kind: Kind,
  deployment: string,
): `greenlight/${Kind}/${string}` => `greenlight/${kind}/${part(deployment, /[^a-zA-Z0-9/_-]/g, 80)}`;

/**
 * RDS allows letters, digits and single hyphens, starts with a letter and knows no capitals; an execution name may hold
 * more. Source: Amazon RDS API Reference, CreateDBSnapshot.
 */
const snapshotStem = (deployment: string) => `greenlight-${part(deployment, /[^a-z0-9]/g, 80)}`;

const MARK_LENGTH = 8;
const mark = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, MARK_LENGTH);
/** Any mark, as IAM compares: a question mark is any one character. */
const ANY_MARK = '?'.repeat(MARK_LENGTH);

/**
 * The name of a snapshot of a service's database, the one that the template made: by its end a role knows those of its workflow.
 * A cluster's snapshot may have no longer a name than the cluster itself, 63 characters: its tags say of which deployment it is.
 * Source: Amazon RDS API Reference, CreateDBClusterSnapshot.
 */
const snapshotOf = ({ kind, name }: RdsDatabase, deployment: string, phase: '' | '-contract') =>
  kind === 'cluster'
    ? `gl-${mark(`${deployment}${phase}`)}-${name}`
    : `${snapshotStem(deployment)}${phase}-of-${name}`;

export const snapshotName = (deployment: string, database: RdsDatabase) =>
  snapshotOf(database, deployment, '');

/** Taken once the previous version is gone: it holds what users wrote until the point of no return. */
export const contractSnapshotName = (deployment: string, database: RdsDatabase) =>
  snapshotOf(database, deployment, '-contract');

/** All such names, as IAM compares. */
export const snapshotNames = ({ kind, name }: RdsDatabase) =>
  kind === 'cluster' ? `gl-${ANY_MARK}-${name}` : `greenlight-*-of-${name}`;

/** Is it the name of such a snapshot? Others have none that begins and ends so. */
export const isSnapshotName = (snapshot: string, { kind, name }: RdsDatabase) =>
  kind === 'cluster'
    ? snapshot.startsWith('gl-') && snapshot.slice('gl-'.length + MARK_LENGTH) === `-${name}`
    : snapshot.endsWith(`-of-${name}`);

/** What the instance or cluster is called that a rollback restores in the place of the template's. */
export const restoredName = (database: string, deployment: string) => `${database}-${mark(deployment)}`;

/** All such names, as IAM compares. */
export const restoredNames = (database: string) => `${database}-${ANY_MARK}`;

/** What an instance of a restored cluster is called; a cluster has sixteen at most. */
export const memberName = (restored: string, index: number) =>
  `${restored}-${String(index + 1).padStart(2, '0')}`;

/** All such names, as IAM compares. */
export const memberNames = (cluster: string) => `${restoredNames(cluster)}-??`;

/** Of the tasks that test a new version, in the order of the settings. */
export const testMark = (index: number, deployment: string) =>
  startedBy(`smoke-${index}` as const, deployment);
