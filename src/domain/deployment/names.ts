import { createHash } from 'node:crypto';

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
export const startedBy = <Kind extends 'migrate' | 'contract' | 'revert' | 'trial' | `smoke-${number}`>(
  kind: Kind,
  deployment: string,
): `greenlight/${Kind}/${string}` => `greenlight/${kind}/${part(deployment, /[^a-zA-Z0-9/_-]/g, 80)}`;

/**
 * RDS allows letters, digits and single hyphens, starts with a letter and knows no capitals; an execution name may hold
 * more. Source: Amazon RDS API Reference, CreateDBSnapshot.
 */
const snapshotStem = (deployment: string) => `greenlight-${part(deployment, /[^a-z0-9]/g, 80)}`;

/** How the snapshots of a service's instance end, the one that the template made: by this a role knows those of its workflow. */
export const snapshotEnd = (instance: string) => `-of-${instance}`;

export const snapshotName = (deployment: string, instance: string) =>
  `${snapshotStem(deployment)}${snapshotEnd(instance)}`;

/** Taken once the previous version is gone: it holds what users wrote until the point of no return. */
export const contractSnapshotName = (deployment: string, instance: string) =>
  `${snapshotStem(deployment)}-contract${snapshotEnd(instance)}`;

const MARK_LENGTH = 8;

/** What the instance is called that a rollback restores in the place of the template's. */
export const restoredName = (instance: string, deployment: string) =>
  `${instance}-${createHash('sha256').update(deployment).digest('hex').slice(0, MARK_LENGTH)}`;

/** All such names, as IAM compares: a question mark is any one character. */
export const restoredNames = (instance: string) => `${instance}-${'?'.repeat(MARK_LENGTH)}`;

/** Of the tasks that test a new version, in the order of the settings. */
export const testMark = (index: number, deployment: string) =>
  startedBy(`smoke-${index}` as const, deployment);
