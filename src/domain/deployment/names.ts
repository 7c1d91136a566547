/** How what a deployment starts is found again: on tasks, and on the database sessions of its migration. */

/** PostgreSQL cuts application names at 63 bytes, so the whole mark must fit. */
export const applicationName = (deployment: string) => `greenlight-${deployment}`.slice(0, 63);

/** ECS allows 128 characters in `startedBy`; an execution name has at most 80. */
export const startedBy = <Kind extends 'migrate' | 'contract' | 'revert' | `smoke-${number}`>(
  kind: Kind,
  deployment: string,
): `greenlight/${Kind}/${string}` => `greenlight/${kind}/${deployment}`;

/**
 * RDS allows letters, digits and single hyphens, starting with a letter; an execution name may hold more.
 * Source: Amazon RDS API Reference, CreateDBSnapshot.
 */
export const snapshotName = (deployment: string) =>
  `greenlight-${deployment}`
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/-$/, '')
    .toLowerCase();

/** Taken once the previous version is gone: it holds what users wrote until the point of no return. */
export const contractSnapshotName = (deployment: string) => `${snapshotName(deployment)}-contract`;

/** Of the tasks that test a new version, in the order of the settings. */
export const testMark = (index: number, deployment: string) =>
  startedBy(`smoke-${index}` as const, deployment);
