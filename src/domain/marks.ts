/** How what a deployment starts is found again: on tasks, and on the database sessions of its migration. */

/** PostgreSQL cuts application names at 63 bytes, so the whole mark must fit. */
export const applicationName = (deployment: string) => `greenlight-${deployment}`.slice(0, 63);

/** ECS allows 128 characters in `startedBy`; an execution name has at most 80. */
export const startedBy = (kind: 'migrate' | 'revert', deployment: string) => `greenlight/${kind}/${deployment}`;
