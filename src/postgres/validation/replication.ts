import type { ReplicationSeen } from '../../domain/validation/replication';
import type { Ask } from './within';

/** A role outside pg_monitor sees that there are standbys and not which: those have no name. */
const STANDBYS = `
  SELECT coalesce(application_name, 'without a name') AS name, extract(epoch FROM replay_lag)::float8 AS lag
  FROM pg_stat_replication ORDER BY 1`;

const SLOTS = `
  SELECT slot_name::text AS name, active, coalesce(wal_status = 'lost', false) AS lost,
    coalesce(pg_wal_lsn_diff(
      CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, restart_lsn), 0)::float8
      AS "keptBytes"
  FROM pg_replication_slots WHERE NOT temporary ORDER BY 1`;

export async function replication(ask: Ask): Promise<ReplicationSeen> {
  const standbys = await ask<{ name: string; lag: number | null }>(STANDBYS);
  const lags = standbys.flatMap(({ lag }) => lag ?? []);
  return {
    standbys: standbys.map(({ name }) => name),
    lagSeconds: lags.length > 0 ? Math.max(...lags) : null,
    slots: await ask<ReplicationSeen['slots'][number]>(SLOTS),
  };
}
