import type { Client } from 'pg';
import { literal, relation } from '../../domain/attempts/rows/shape';

/** A schema that is there while a run is watched, and gone before anybody compares. */
const SCHEMA = 'greenlight_watch';
/** The advisory lock that whoever is held waits for. */
const GATE = 7_405_001;

const list = (names: readonly string[]) => `ARRAY[${names.map(literal).join(', ')}]::text[]`;

/** What the tool is about to record of itself: what it has done by then may stand already. */
const ON_OWN = `CREATE TRIGGER greenlight_watch_own BEFORE INSERT OR UPDATE OR DELETE ON %s EXECUTE FUNCTION ${SCHEMA}.row_starts()`;

/**
 * Sees every statement that changes the schema, by event triggers, and every one that writes rows, by triggers on the tables:
 * whichever tool sends it. What a tool does to its own tables does not count, nor does what has changed nothing. Nothing is
 * written in ddl_command_start. Source: PostgreSQL documentation, chapter "Event Triggers".
 */
const install = (own: readonly string[]) => `
CREATE SCHEMA ${SCHEMA};
GRANT USAGE ON SCHEMA ${SCHEMA} TO PUBLIC;
CREATE SEQUENCE ${SCHEMA}.seen;
CREATE TABLE ${SCHEMA}.passing (since timestamptz);
CREATE TABLE ${SCHEMA}.log (
  n bigint GENERATED ALWAYS AS IDENTITY, kind text, tables text[], statement text, ms float8, locks jsonb);
CREATE FUNCTION ${SCHEMA}.has_seen(kind text, tables text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = 0 AS $watch$
DECLARE
  began timestamptz := nullif(current_setting('${SCHEMA}.began', true), '')::timestamptz;
BEGIN
  PERFORM nextval('${SCHEMA}.seen');
  INSERT INTO ${SCHEMA}.log (kind, tables, statement, ms, locks)
  SELECT kind, tables, current_query(), extract(epoch FROM clock_timestamp() - began) * 1000,
    (SELECT jsonb_agg(DISTINCT jsonb_build_object('relation', n.nspname || '.' || c.relname, 'mode', l.mode))
     FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE l.pid = pg_backend_pid() AND l.mode NOT IN ('AccessShareLock', 'RowShareLock') AND c.relkind IN ('r', 'p', 'm')
       AND n.nspname !~ '^(pg_|${SCHEMA})' AND c.relname <> ALL (${list(own)}));
END $watch$;
CREATE FUNCTION ${SCHEMA}.waits() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = 0 AS $watch$
BEGIN
  IF (SELECT is_called FROM ${SCHEMA}.seen) AND NOT EXISTS (SELECT FROM ${SCHEMA}.passing
    WHERE since < (SELECT backend_start FROM pg_stat_get_activity(pg_backend_pid()))) THEN
    PERFORM pg_advisory_lock_shared(${GATE});
    PERFORM pg_advisory_unlock_shared(${GATE});
  END IF;
  PERFORM set_config('${SCHEMA}.began', clock_timestamp()::text, false);
END $watch$;
CREATE FUNCTION ${SCHEMA}.starts() RETURNS event_trigger LANGUAGE plpgsql AS $watch$
BEGIN PERFORM ${SCHEMA}.waits(); END $watch$;
CREATE FUNCTION ${SCHEMA}.ends() RETURNS event_trigger LANGUAGE plpgsql AS $watch$
DECLARE
  about text[];
  others int;
  mine text;
BEGIN
  SELECT array_agg(object_identity), count(*) FILTER (WHERE object_identity IS NULL OR NOT (
      object_identity ~ ('(^|\\.)"?(' || ${literal(own.join('|') || '-')} || ')("|_|\\.|\\(|$| )') OR object_identity IN ('drizzle', 'graphile_migrate')
      OR object_identity ~ '^(drizzle|graphile_migrate)\\.'))
    INTO about, others FROM pg_event_trigger_ddl_commands();
  FOR mine IN SELECT c.objid::regclass FROM pg_event_trigger_ddl_commands() c JOIN pg_class t ON t.oid = c.objid
    WHERE c.classid = 'pg_class'::regclass AND c.command_tag = 'CREATE TABLE' AND t.relkind = 'r' AND t.relname = ANY (${list(own)})
  LOOP EXECUTE format('${ON_OWN}', mine); END LOOP;
  IF others > 0 OR (about IS NULL AND tg_tag LIKE 'DROP %') THEN PERFORM ${SCHEMA}.has_seen(tg_tag, coalesce(about, '{}')); END IF;
END $watch$;
CREATE FUNCTION ${SCHEMA}.row_starts() RETURNS trigger LANGUAGE plpgsql AS $watch$
BEGIN PERFORM ${SCHEMA}.waits(); RETURN NULL; END $watch$;
CREATE FUNCTION ${SCHEMA}.row_ends() RETURNS trigger LANGUAGE plpgsql AS $watch$
BEGIN PERFORM ${SCHEMA}.has_seen(tg_op, ARRAY[tg_table_schema || '.' || tg_table_name]); RETURN NULL; END $watch$;`;

/** Last of all, because they would see the rest. */
const ON_STATEMENTS = `
CREATE EVENT TRIGGER greenlight_watch_starts ON ddl_command_start EXECUTE FUNCTION ${SCHEMA}.starts();
CREATE EVENT TRIGGER greenlight_watch_ends ON ddl_command_end EXECUTE FUNCTION ${SCHEMA}.ends();`;

const REMOVE = `
DROP EVENT TRIGGER IF EXISTS greenlight_watch_starts;
DROP EVENT TRIGGER IF EXISTS greenlight_watch_ends;
SET client_min_messages = error;
DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE;`;

const TABLES = `
SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^(pg_|${SCHEMA})' AND n.nspname <> 'information_schema'
  AND c.relname <> ALL ($1)`;

const OWN = `
SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relname = ANY ($1)`;

const onRows = (name: string) => `
CREATE TRIGGER greenlight_watch_starts BEFORE INSERT OR UPDATE OR DELETE ON ${relation(name)} EXECUTE FUNCTION ${SCHEMA}.row_starts();
CREATE TRIGGER greenlight_watch_ends AFTER INSERT OR UPDATE OR DELETE ON ${relation(name)} EXECUTE FUNCTION ${SCHEMA}.row_ends();`;

/** What a statement was seen to do. */
export interface Seen {
  kind: string;
  /** What it made or changed. */
  tables: string[];
  statement: string;
  ms: number;
  /** Held behind it by its transaction, ROW EXCLUSIVE and stronger. */
  locks: { relation: string; mode: string }[] | null;
}

/** Watches what is done in a database from now on. Rejects where the role may not make event triggers. */
export async function watch(client: Client, own: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(TABLES, [own]);
  const { rows: mine } = await client.query<{ name: string }>(OWN, [own]);
  const triggers = [
    ...rows.map(({ name }) => onRows(name)),
    ...mine.map(({ name }) => `${ON_OWN.replace('%s', () => relation(name))};`),
  ].join('');
  await client.query(`BEGIN; ${install(own)} ${triggers} ${ON_STATEMENTS} COMMIT`);
}

/** Why nothing can be watched here; undefined where it can. */
export async function refusal(client: Client): Promise<string | undefined> {
  try {
    await watch(client, []);
    await unwatch(client);
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    return `its middle cannot be seen: ${(error as Error).message}; the role of --database has to be one that may make event triggers`;
  }
}

export const unwatch = (client: Client): Promise<unknown> => client.query(REMOVE);

/** Whoever has done a statement waits before the next one, or before it records what it did, until the gate opens. */
export const shut = (client: Client) => client.query(`SELECT pg_advisory_lock(${GATE})`);
export const openGate = (client: Client) => client.query(`SELECT pg_advisory_unlock(${GATE})`);

/** Sessions that begin from now on pass. */
export const letPass = (client: Client) =>
  client.query(`INSERT INTO ${SCHEMA}.passing VALUES (clock_timestamp())`);

/** How many sessions of this database wait at the gate, wait for a lock of whatever kind, and are there at all. */
export async function sessionsIn(client: Client): Promise<{ held: number; waiting: number; all: number }> {
  const { rows } = await client.query<{ held: number; waiting: number; all: number }>(
    `SELECT count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS waiting, count(*)::int AS all,
       count(*) FILTER (WHERE EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory'
         AND NOT l.granted AND l.objid = ${GATE} AND l.classid = 0))::int AS held
     FROM pg_stat_activity a WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  return rows[0]!;
}

/** Ends every other session of this database, as the server does soon after a client is gone. */
export const endOthers = (client: Client) =>
  client.query(
    `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND backend_type = 'client backend'`,
  );

export async function seenIn(client: Client): Promise<Seen[]> {
  const { rows } = await client.query<Seen>(
    `SELECT kind, tables, statement, ms, locks FROM ${SCHEMA}.log ORDER BY n`,
  );
  return rows;
}
