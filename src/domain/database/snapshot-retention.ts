import type { Retention } from '../settings/policy';

/** A snapshot that a deployment took of the service's database. */
export interface OwnSnapshot {
  name: string;
  /** The deployment it belongs to, by its tag. */
  deployment: string;
  createdAt: Date;
  available: boolean;
}

/**
 * The snapshots that have outlived their use: older than the service keeps them, not among the newest, and of a
 * deployment that is over. Manual snapshots never expire by themselves, and an account holds a limited number of them.
 * Source: Amazon RDS User Guide, "Quotas and constraints".
 * @param protectedDeployments those that may still be rolled back
 */
export function expired(
  snapshots: readonly OwnSnapshot[],
  { snapshotDays, keepLast }: Retention,
  protectedDeployments: readonly string[],
  now: Date,
): OwnSnapshot[] {
  const oldest = now.getTime() - snapshotDays * 86_400_000;
  return [...snapshots]
    .sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
    .slice(keepLast)
    .filter(
      ({ createdAt, available, deployment }) =>
        // one that is still being made belongs to somebody
        available && createdAt.getTime() < oldest && !protectedDeployments.includes(deployment),
    );
}
