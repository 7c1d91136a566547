export const DAY_SECONDS = 24 * 3600;

/**
 * The longest a deployment may run once it may begin; with WINDOW_LIMIT_SECONDS before, the state machine's TimeoutSeconds. A
 * week holds two bakes of a day, an approval over a weekend, and the deadline of every phase; a request that could take longer
 * is rejected.
 */
export const EXECUTION_TIMEOUT_SECONDS = 7 * DAY_SECONDS;

/**
 * The longest that a deployment waits for a window, from when it was asked for. It holds no lock meanwhile, and an execution
 * lives for a year at most. Source: AWS Step Functions Developer Guide, quotas.
 */
export const WINDOW_LIMIT_SECONDS = 28 * DAY_SECONDS;

/** How often a deployment that waits for a window looks whether it has changed: a freeze, or one that opens sooner. */
export const HELD_LOOK_SECONDS = 7200;

/** The longest that people may be waited for, each time they are asked. */
export const APPROVAL_LIMIT_SECONDS = 3 * DAY_SECONDS;

/**
 * How long a deployment that does nothing keeps its lock. Every acting step renews it, so it is longer than any Wait
 * between two of them; a step that waits for people says so itself (`leaseSeconds`). Nobody takes a lock because its lease
 * has ended: the end tells when an execution that cannot be found is given up.
 */
export const LEASE_SECONDS = DAY_SECONDS;

/** A step's function ends after this, so nothing that an execution began can happen later than that after its end. */
export const FUNCTION_TIMEOUT_SECONDS = 60;
