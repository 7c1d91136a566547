import type { Client } from 'pg';
import type { CancelledWait } from '../domain/database/migration-task';
import type { WatchLook } from '../domain/database/watch';

/** How a migration's sessions are known, and who of the others counts. */
export interface Watching {
  application: string;
  roles: string[];
  /** Since when its sessions may have begun. */
  withinSeconds: number;
  /** How long a statement of it may wait for a lock behind which others wait. */
  lockSeconds: number;
  /** How long a session waits before it counts as blocked for long. */
  blockedSeconds: number;
}

/** A look, and what was cancelled because it waited for a lock. */
export type Watched = WatchLook & { cancelled: CancelledWait[] };

/**
 * All of it in one query, which thousands of sessions must not make slow: locks are read once, and of sessions those alone that
 * change a table, hold what others wait for, wait, or hold an advisory lock, as tools do; by the functions beneath the views,
 * which join what is not wanted here and take longer to plan than to run.
 *
 * A session that bears no name of ours is the migration's when it began with it, under the application's role, and holds or
 * wants a lock that only changes of the schema take. Behind it are all who wait for what one of its sessions, or one of those
 * that wait already, holds or asked for earlier in a conflicting mode. Sources: PostgreSQL documentation, "Explicit Locking"
 * (the table of conflicts), pg_locks (waitstart is there since version 14), "Progress Reporting", pg_replication_slots.
 */
const WATCH = `
WITH RECURSIVE
here AS MATERIALIZED (SELECT oid FROM pg_database WHERE datname = current_database()),
locks AS MATERIALIZED (
  SELECT pid, locktype, database, relation, mode, granted, waitstart, pid IS NOT NULL AND NOT granted AS waits,
    concat_ws('/', locktype, database, relation, page, tuple, virtualxid, transactionid, classid, objid, objsubid) AS what
  FROM pg_lock_status()),
modes(mode, against) AS (VALUES
  ('AccessShareLock', '{AccessExclusiveLock}'::text[]),
  ('RowShareLock', '{ExclusiveLock,AccessExclusiveLock}'),
  ('RowExclusiveLock', '{ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
  ('ShareUpdateExclusiveLock', '{ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
  ('ShareLock', '{RowExclusiveLock,ShareUpdateExclusiveLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
  ('ShareRowExclusiveLock', '{RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
  ('ExclusiveLock', '{RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
  ('AccessExclusiveLock', '{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}')),
changing AS MATERIALIZED (
  SELECT DISTINCT pid FROM locks WHERE locktype = 'relation' AND relation >= 16384
    AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')),
waiting AS MATERIALIZED (SELECT * FROM locks WHERE waits),
asked AS MATERIALIZED (SELECT * FROM locks WHERE what IN (SELECT what FROM waiting)),
activity AS MATERIALIZED (
  SELECT a.pid, datid, usesysid, application_name, backend_type, backend_start, query_start
  FROM (SELECT pid FROM changing UNION SELECT pid FROM asked UNION SELECT pid FROM locks WHERE locktype = 'advisory') AS known
  CROSS JOIN LATERAL pg_stat_get_activity(known.pid) AS a),
ours AS MATERIALIZED (
  SELECT pid, application_name AS name, application_name = $1 AS named,
    coalesce(extract(epoch FROM now() - query_start)::int, 0) AS seconds
  FROM activity WHERE datid = (SELECT oid FROM here) AND pid <> pg_backend_pid() AND (application_name = $1 OR (
    usesysid IN (SELECT to_regrole(quote_ident(role)) FROM unnest(array_append($4::text[], current_user::text)) AS role) AND backend_type = 'client backend'
    AND application_name NOT LIKE 'greenlight-%' AND backend_start >= now() - make_interval(secs => $2)
    AND pid IN (SELECT pid FROM changing)))),
behind(pid) AS (
  SELECT pid FROM ours
  UNION SELECT w.pid FROM behind b JOIN asked h ON h.pid = b.pid
    JOIN waiting w ON w.what = h.what AND w.pid <> h.pid AND (h.granted OR h.waitstart < w.waitstart)
    JOIN modes m ON m.mode = w.mode AND h.mode = ANY (m.against)),
blocked AS MATERIALIZED (
  SELECT w.pid, max(a.application_name) AS name, max(extract(epoch FROM now() - w.waitstart))::int AS seconds
  FROM behind b JOIN waiting w USING (pid) LEFT JOIN activity a USING (pid)
  WHERE b.pid NOT IN (SELECT pid FROM ours) GROUP BY w.pid),
progress AS (
  SELECT pid, format('%s: %s, %s %%', command, phase, 100 * coalesce(nullif(blocks_done, 0), tuples_done) / greatest(1, coalesce(nullif(blocks_total, 0), tuples_total))) AS said
    FROM pg_stat_progress_create_index
  UNION ALL SELECT pid, format('%s: %s, %s %%', command, phase, 100 * heap_blks_scanned / greatest(1, heap_blks_total)) FROM pg_stat_progress_cluster
  UNION ALL SELECT pid, format('VACUUM: %s, %s %%', phase, 100 * heap_blks_scanned / greatest(1, heap_blks_total)) FROM pg_stat_progress_vacuum
  UNION ALL SELECT pid, format('COPY: %s rows', tuples_processed) FROM pg_stat_progress_copy),
sessions AS (
  SELECT o.*, w.relation, coalesce(w.seconds, 0) AS "waitsSeconds", w.told AS "waitsFor", p.said AS progress,
    (SELECT coalesce(array_agg(DISTINCT h.mode || ' on ' || h.relation::regclass::text), '{}')
      FROM asked h WHERE h.pid = o.pid AND h.granted AND h.locktype = 'relation'
        AND h.database = (SELECT oid FROM here)) AS holds,
    w.relation IS NOT NULL AND w.seconds >= $3 AND w.strong AS late
  FROM ours o LEFT JOIN progress p USING (pid) LEFT JOIN LATERAL (
    SELECT l.relation, extract(epoch FROM now() - l.waitstart)::int AS seconds,
      CASE WHEN l.relation IS NULL THEN 'a transaction' ELSE l.relation::regclass::text END AS told,
      l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AS strong
    FROM waiting l WHERE l.pid = o.pid LIMIT 1) w ON true)
SELECT
  (SELECT coalesce(json_agg(json_build_object('pid', pid, 'name', name, 'named', named, 'seconds', seconds, 'waitsFor', "waitsFor",
    'waitsSeconds', "waitsSeconds", 'holds', holds, 'progress', progress) ORDER BY pid), '[]') FROM sessions) AS sessions,
  (SELECT coalesce(json_agg(json_build_object('name', name, 'seconds', "waitsSeconds", 'table', "waitsFor")), '[]') FROM (
    SELECT * FROM sessions WHERE late AND pg_cancel_backend(pid) OFFSET 0) ended) AS cancelled,
  (SELECT count(*)::int FROM blocked) AS blocked,
  (SELECT count(*)::int FROM blocked WHERE seconds >= $5) AS "blockedLong",
  (SELECT coalesce(max(seconds), 0) FROM blocked) AS "blockedSeconds",
  (SELECT coalesce(array_agg(DISTINCT coalesce(nullif(name, ''), 'an unnamed application')), '{}') FROM blocked) AS "blockedNames",
  (SELECT sum(pg_stat_get_db_numbackends(oid))::int FROM pg_database) AS connections,
  current_setting('max_connections')::int AS "maxConnections",
  (CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') END)::float8 AS "walBytes",
  (SELECT max(CASE WHEN sent_lsn = replay_lsn THEN 0 ELSE extract(epoch FROM replay_lag) END)::float8 FROM pg_stat_get_wal_senders()) AS "lagSeconds",
  (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))::float8 FROM pg_replication_slots
    WHERE NOT pg_is_in_recovery()) AS "slotBytes"`;

/** One look, by one query. */
export async function watch(client: Client, of: Watching): Promise<Watched> {
  const { rows } = await client.query<Watched>(WATCH, [
    ...[of.application, of.withinSeconds, of.lockSeconds, of.roles, of.blockedSeconds],
  ]);
  return rows[0]!;
}
