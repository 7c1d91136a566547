/**
 * The longest a deployment may run; the state machine's TimeoutSeconds. A week holds two bakes of a day, an approval over
 * a weekend, and the deadline of every phase; a request that could take longer is rejected.
 */
export const EXECUTION_TIMEOUT_SECONDS = 7 * 24 * 3600;

/** Nothing renews the lease, so it outlives the longest execution; the margin covers a slow last step. */
export const LEASE_SECONDS = EXECUTION_TIMEOUT_SECONDS + 3600;

/** The longest that people may be waited for, each time they are asked. */
export const APPROVAL_LIMIT_SECONDS = 3 * 86_400;
