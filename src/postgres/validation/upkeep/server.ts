import type { FreeSequencesSeen } from '../../../domain/validation/upkeep/free-sequences';
import type { ServerSettingsSeen } from '../../../domain/validation/upkeep/server-settings';
import type { WraparoundSeen } from '../../../domain/validation/upkeep/wraparound';
import { USER_SCHEMAS } from '../names';
import type { Ask } from '../within';

/** Databases count apart, and the oldest of all stops the server. Source: PostgreSQL documentation, "Routine Vacuuming". */
const DATABASES = `
  SELECT datname::text AS name, age(datfrozenxid)::float8 AS transactions, mxid_age(datminmxid)::float8 AS multixacts
  FROM pg_database ORDER BY 2 DESC`;

const OLDEST = `
  SELECT n.nspname || '.' || c.relname AS name, age(c.relfrozenxid)::float8 AS transactions
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 't') AND c.relfrozenxid <> '0' ORDER BY 2 DESC, 1 LIMIT 1`;

export async function wraparound(ask: Ask): Promise<WraparoundSeen> {
  const databases = await ask<WraparoundSeen['databases'][number]>(DATABASES);
  const [oldest = null] = await ask<{ name: string; transactions: number }>(OLDEST);
  return { databases, oldest };
}

/** Its own looks set a statement_timeout, so those of roles are read where they are kept. Source: PostgreSQL documentation, "pg_db_role_setting". */
const OF_ROLES = `
  SELECT concat_ws(' in ', 'role ' || r.rolname, CASE WHEN s.setdatabase <> 0 THEN 'database ' || current_database() END) AS of,
    setting
  FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) setting
  WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    AND (s.setrole = 0 OR r.rolname = ANY (array_append($1::name[], current_user::name)))
    AND setting ~ '^(statement_timeout|transaction_timeout|default_transaction_read_only)='
  ORDER BY 1, 2`;

const NAMES = ['track_activities', 'track_counts', 'autovacuum', 'fsync', 'full_page_writes'];

/** The look's own transaction is read-only, whatever the default: of that the server's value, which a session has not set, counts. */
const SETTINGS = `
  SELECT name, CASE name WHEN 'default_transaction_read_only' THEN reset_val ELSE setting END AS setting
  FROM pg_settings WHERE name = ANY ($1::text[] || 'default_transaction_read_only'::text)`;

export async function serverSettings(ask: Ask, roles: readonly string[]): Promise<ServerSettingsSeen> {
  const settings = await ask<{ name: string; setting: string }>(SETTINGS, [NAMES]);
  return {
    settings: Object.fromEntries(settings.map(({ name, setting }) => [name, setting])),
    ofRoles: await ask<ServerSettingsSeen['ofRoles'][number]>(OF_ROLES, [roles]),
  };
}

/**
 * The narrowest integer column whose default asks a sequence ends its numbers. Sources: PostgreSQL documentation, "pg_sequences",
 * "pg_depend".
 */
const FREE = `
  SELECT n.nspname || '.' || c.relname AS name, q.last_value IS NOT NULL OR has_sequence_privilege(c.oid, 'SELECT') AS seen,
    floor(CASE WHEN q.last_value IS NULL THEN 0 WHEN s.seqincrement > 0
      THEN (q.last_value::numeric - s.seqmin) / nullif(least(s.seqmax, w.width) - s.seqmin, 0)
      ELSE (s.seqmax - q.last_value::numeric) / nullif(s.seqmax - greatest(s.seqmin, -w.width - 1), 0) END * 100)::float8
      AS "usedPercent"
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_sequences q ON q.schemaname = n.nspname AND q.sequencename = c.relname
    CROSS JOIN LATERAL (
      SELECT coalesce(min(CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 END),
        9223372036854775807)::numeric AS width
      FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
      WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid) w
  WHERE NOT s.seqcycle AND ${USER_SCHEMAS}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
      AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0)
  ORDER BY 3 DESC, 1`;

export async function freeSequences(ask: Ask): Promise<FreeSequencesSeen> {
  const all = await ask<{ name: string; seen: boolean; usedPercent: number }>(FREE);
  return {
    sequences: all.filter(({ seen }) => seen).map(({ name, usedPercent }) => ({ name, usedPercent })),
    unseen: all.filter(({ seen }) => !seen).map(({ name }) => name),
  };
}
