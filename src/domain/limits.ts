/** The longest a deployment may run; the state machine's TimeoutSeconds. */
export const EXECUTION_TIMEOUT_SECONDS = 12 * 3600;

/** Nothing renews the lease, so it outlives the longest execution; the margin covers a slow last step. */
export const LEASE_SECONDS = EXECUTION_TIMEOUT_SECONDS + 3600;
