import type { Client } from 'pg';
import { type LockMode, type LockTaken, lockModes } from '../../src/domain/migrations/types';
import { heldUp } from '../domain/migrations/experiment';
import type { Server } from '../domain/migrations/servers';
import { BIG, type World } from './schemas';
import type { Script } from './statements';

/** A statement of the old version that worked before and does not now. */
export interface Broken {
  statement: string;
  /** PostgreSQL's error, or that it finds nothing where it found rows. */
  error: string;
  /** Only sessions that prepared it before are hit, until they prepare it again. */
  prepared: boolean;
}

/** What a script was seen to do. */
export interface Measured {
  /** PostgreSQL's error where it refused a statement; then nothing else was measured. */
  refused?: string;
  /** Strongest on each relation that was there before, ROW EXCLUSIVE or stronger. */
  locks: LockTaken[];
  /** A big table was read or written anew, or many of its rows were locked, while others could not read or write. */
  blocks?: string;
  broken: Broken[];
}

/** What the old version does. */
export type Uses = Pick<World, 'uses' | 'prepared'>;

/** What the old version uses, and which of it works. */
interface OldVersion {
  statements: string[];
  /** How many of them are plain; those behind are prepared. */
  plain: number;
  base: string[];
}

/** A world in a database of its own, ready to try scripts on. */
export interface Bench {
  /** Statements of the setup that PostgreSQL took. */
  setup: string[];
  /** Those it did not, with its error. */
  failed: string[];
  client: Client;
  measure(script: Script): Promise<Measured>;
  close(): Promise<void>;
}

interface Seen {
  oid: number;
  name: string;
  kind: string;
  /** Of an index: its table. */
  owner: number;
  /** Of a sequence: the table whose column it belongs to. */
  numbers: number;
  file: number;
  read: number;
  locks: string[];
}

/** Every relation with its file, what was read of it in this transaction, and the locks of this session. */
const relationsOf = (pid: string, counter: string) => `
SELECT c.oid::int, n.nspname || '.' || c.relname AS name, c.relkind::text AS kind, c.relfilenode::int AS file,
  coalesce(i.indrelid, 0)::int AS owner, (pg_stat_get_${counter}tuples_returned(c.oid) + pg_stat_get_${counter}tuples_fetched(c.oid))::int AS read,
  coalesce((SELECT s.refobjid FROM pg_depend s WHERE c.relkind = 'S' AND s.classid = 'pg_class'::regclass AND s.objid = c.oid
    AND s.refclassid = 'pg_class'::regclass AND s.deptype IN ('a', 'i')), 0)::int AS numbers,
  coalesce(l.modes, '{}') AS locks
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN (SELECT relation, array_agg(mode) AS modes FROM pg_locks WHERE pid = ${pid} AND locktype = 'relation' GROUP BY 1) AS l
  ON l.relation = c.oid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'i', 'I', 'S')`;

const INSIDE = relationsOf('pg_backend_pid()', 'xact_');
const OUTSIDE = relationsOf('0', '');

/** Runs statements as the application's role, each taken back; how many rows it found, or an error behind "!". */
const OLD_VERSION = `
CREATE FUNCTION pg_temp.old_version(statements text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  result text[] := '{}';
  statement text;
  found_rows bigint;
BEGIN
  FOREACH statement IN ARRAY statements LOOP
    BEGIN
      PERFORM set_config('role', 'app', true);
      EXECUTE statement;
      GET DIAGNOSTICS found_rows = ROW_COUNT;
      EXECUTE 'SET CONSTRAINTS ALL IMMEDIATE';
      RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = found_rows::text;
    EXCEPTION
      WHEN SQLSTATE 'ZZ001' THEN result := result || SQLERRM;
      WHEN OTHERS THEN result := result || ('!' || SQLSTATE || ' ' || SQLERRM);
    END;
  END LOOP;
  RETURN result;
END $$`;

/** On tables of a few pages: decide by the share of the rows, as a planner does where there are many pages. */
const COSTS =
  'SET random_page_cost = 0.1; SET cpu_index_tuple_cost = 0.05; SET jit = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET client_min_messages = error';

const TABLES = new Set(['r', 'p', 'v', 'm', 'S']);
const SHARE = lockModes.indexOf('SHARE');
const WEAKEST = lockModes.indexOf('ROW EXCLUSIVE');
const STRONGEST = lockModes.indexOf('ACCESS EXCLUSIVE');
const SHARE_OF_ROWS = 0.1;

const modeOf = (mode: string): LockMode =>
  lockModes.find((known) => `${known.replaceAll(' ', '')}LOCK` === mode.toUpperCase())!;

type Relations = Map<number, Seen>;

async function seenBy(client: Client, sql: string): Promise<Relations> {
  const { rows } = await client.query<Seen>(sql);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** What is dropped is no relation any more, and who waits for it still waits. */
const DROPPED = `
SELECT l.relation::int AS oid, array_agg(l.mode) AS locks FROM pg_locks l
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = l.relation)
GROUP BY 1`;

/** Locks on what was there before. A lock on an index that stops its readers stops those of its table. */
function locksIn(before: Relations, after: Pick<Seen, 'oid' | 'locks'>[]): LockTaken[] {
  const held = new Map<string, number>();
  const exclusive = new Set(
    after.filter(({ locks }) => locks.includes('AccessExclusiveLock')).map(({ oid }) => oid),
  );
  for (const { oid, locks } of after) {
    const known = before.get(oid);
    if (!known || locks.length === 0) continue;
    const strength = Math.max(...locks.map((mode) => lockModes.indexOf(modeOf(mode))));
    const isIndex = !TABLES.has(known.kind);
    const relation = isIndex ? before.get(known.owner)?.name : known.name;
    if (relation === undefined || strength < (isIndex ? STRONGEST : WEAKEST)) continue;
    // nobody asks for a number for a table that nobody gets at
    if (exclusive.has(known.numbers)) continue;
    held.set(relation, Math.max(held.get(relation) ?? 0, strength));
  }
  return [...held].map(([relation, strength]) => ({ relation, mode: lockModes[strength]! }));
}

/** Big tables that were read whole or nearly, or of which a file was written anew. */
function longIn(before: Relations, after: Relations, sizes: Map<number, number>): string[] {
  const byName = new Map([...after.values()].map((relation) => [relation.name, relation]));
  return [...before.values()].flatMap((old) => {
    const table = old.owner === 0 ? old.oid : old.owner;
    if ((sizes.get(table) ?? 0) < BIG) return [];
    // an index that is built anew has another number and the same name
    const now = after.get(old.oid) ?? (old.owner === 0 ? undefined : byName.get(old.name));
    if (!now) return [];
    if (now.file !== old.file && old.kind !== 'S') return `${old.name} is written anew`;
    const read = now.read - old.read >= BIG;
    return read ? `${old.name} is read (${now.read - old.read} rows)` : [];
  });
}

const stopsSomebody = ({ mode }: LockTaken, kinds: Map<string, string>, relation: string) =>
  kinds.get(relation) === 'm' || kinds.get(relation) === 'v'
    ? lockModes.indexOf(mode) === STRONGEST
    : lockModes.indexOf(mode) >= SHARE;

const messageOf = (error: unknown) => `${(error as { code?: string }).code} ${(error as Error).message}`;

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const listOf = (texts: string[]) => `ARRAY[${texts.map(literal).join(', ')}]::text[]`;

async function runOldVersion(client: Client, statements: string[]): Promise<string[]> {
  const { rows } = await client.query<{ result: string[] }>(
    `SELECT pg_temp.old_version(${listOf(statements)}) AS result`,
  );
  return rows[0]!.result;
}

function brokenIn({ statements, plain, base }: OldVersion, now: string[]): Broken[] {
  return statements.flatMap((statement, i) => {
    if (base[i]!.startsWith('!')) return [];
    const prepared = i >= plain;
    if (now[i]!.startsWith('!')) return { statement, error: now[i]!.slice(1), prepared };
    return base[i] !== '0' && now[i] === '0' ? { statement, error: 'finds no rows', prepared } : [];
  });
}

const WRITES_ROWS = /\b(?:UPDATE|DELETE|MERGE|INSERT|FOR\s+(?:KEY\s+)?SHARE)\b/i;

/** The share of a table's rows that another session cannot write. */
async function lockedShare(other: Client, oid: number): Promise<number> {
  const { rows } = await other.query<{ sql: string }>(`SELECT ${oid}::regclass::text AS sql`);
  const { rows: counted } = await other.query<{ share: number }>(`
    SELECT 1 - (SELECT count(*) FROM (SELECT 1 FROM ${rows[0]!.sql} FOR NO KEY UPDATE SKIP LOCKED) AS free)::float8
      / greatest(count(*), 1) AS share FROM ${rows[0]!.sql}`);
  return counted[0]!.share;
}

let worlds = 0;

async function ready(client: Client, { prepared, uses }: Uses): Promise<OldVersion> {
  await client.query(COSTS);
  await client.query(OLD_VERSION);
  const usable: string[] = [];
  for (const { sql, name, run } of prepared)
    await client.query(`PREPARE ${name} AS ${sql}`).then(
      () => usable.push(run),
      () => {},
    );
  const statements = [...uses, ...usable];
  await client.query('BEGIN');
  const base = await runOldVersion(client, statements);
  await client.query('ROLLBACK');
  return { statements, plain: uses.length, base };
}

/** Rows of each table, by its number in this database. */
async function sizesOf(client: Client): Promise<Map<number, number>> {
  const { rows } = await client.query<{ oid: number; rows: number }>(
    "SELECT oid::int, reltuples AS rows FROM pg_class WHERE relkind IN ('r', 'm')",
  );
  return new Map(rows.map(({ oid, rows: count }) => [oid, count]));
}

/** All at once, which is quicker, and one by one where that fails. */
async function takenOf(client: Client, setup: readonly string[]) {
  const took: string[] = [];
  const failed: string[] = [];
  try {
    await client.query(setup.join(';\n'));
    took.push(...setup);
  } catch {
    for (const statement of setup)
      await client.query(statement).then(
        () => took.push(statement),
        (error) => failed.push(`${statement}: ${messageOf(error)}`),
      );
  }
  return { took, failed };
}

/** A database with what the statements make of it; those that PostgreSQL does not take are left out and told. */
async function make(server: Server, admin: Client, database: string, setup: readonly string[]) {
  await admin.query(`CREATE DATABASE ${database}`);
  const client = await server.connect(database);
  await client.query('SET client_min_messages = error');
  const { took, failed } = await takenOf(client, setup);
  await client.query('ANALYZE');
  return { client, took, failed };
}

/** Makes a world in a database, on which scripts are tried; what wants no transaction gets one of its own. */
export async function openBench(
  server: Server,
  admin: Client,
  world: Uses,
  setup: readonly string[],
): Promise<Bench> {
  const name = `world_${worlds++}`;
  const { client, took, failed } = await make(server, admin, name, setup);
  const [other, app] = await Promise.all([server.connect(name), server.connect(name, 'app')]);
  const old = await ready(client, world);
  await other.query('SET lock_timeout = 200');
  const sizes = await sizesOf(client);
  await client.query('BEGIN');
  const before = await seenBy(client, INSIDE);
  await client.query('ROLLBACK');
  const kinds = new Map([...before.values()].map((seen) => [seen.name, seen.kind]));

  const stopping = (locks: LockTaken[]) => locks.filter((lock) => stopsSomebody(lock, kinds, lock.relation));

  async function rowsLocked(after: Relations): Promise<string | undefined> {
    for (const { oid, locks, kind, name: relation } of after.values()) {
      if (kind !== 'r' || !before.has(oid) || (sizes.get(oid) ?? 0) < BIG) continue;
      if (!locks.some((lock) => lock === 'RowExclusiveLock' || lock === 'RowShareLock')) continue;
      if (locks.includes('AccessExclusiveLock')) continue;
      if ((await lockedShare(other, oid)) >= SHARE_OF_ROWS) return `rows of ${relation} are locked`;
    }
    return undefined;
  }

  async function together({ statements }: Script): Promise<Measured> {
    await client.query('BEGIN');
    try {
      // what was counted in earlier transactions may still be pending
      let last = await seenBy(client, INSIDE);
      let blocks: string | undefined;
      let locks: LockTaken[] = [];
      for (const statement of statements) {
        await client.query(statement);
        const after = await seenBy(client, INSIDE);
        const dropped = /\bDROP\b/.test(statements.join())
          ? (await client.query<Pick<Seen, 'oid' | 'locks'>>(DROPPED)).rows
          : [];
        locks = locksIn(before, [...after.values(), ...dropped]);
        const [long] = longIn(new Map([...last].filter(([oid]) => before.has(oid))), after, sizes);
        const [held] = stopping(locks);
        if (long && held) blocks ??= `${long} under ${held.mode} on ${held.relation}: ${statement}`;
        if (WRITES_ROWS.test(statement)) {
          const rows = await rowsLocked(after);
          if (rows) blocks ??= `${rows}: ${statement}`;
        }
        last = after;
      }
      const broken = brokenIn(old, await runOldVersion(client, old.statements));
      return { locks, blocks, broken };
    } catch (error) {
      return { refused: messageOf(error), locks: [], broken: [] };
    } finally {
      await client.query('ROLLBACK');
    }
  }

  async function alone({ statements }: Script): Promise<Measured> {
    const database = `${name}_alone`;
    const { client: single } = await make(server, admin, database, took);
    try {
      const own = await ready(single, world);
      const ownSizes = await sizesOf(single);
      const { rows } = await single.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await single.query('SELECT pg_stat_force_next_flush()');
      const total: Measured = { locks: [], broken: [] };
      for (const statement of statements) {
        const start = await seenBy(single, OUTSIDE);
        const { refused, seen } = await heldUp(server, database, single, rows[0]!.pid, statement);
        if (refused !== undefined) return { refused, locks: [], broken: [] };
        await single.query('SELECT pg_stat_force_next_flush()');
        const after = await seenBy(single, OUTSIDE);
        const locks = seen.map((lock) => ({ ...lock, relation: lock.relation.replaceAll('"', '') }));
        const [long] = longIn(start, after, ownSizes);
        const [held] = stopping(locks);
        if (long && held) total.blocks ??= `${long} under ${held.mode} on ${held.relation}: ${statement}`;
        total.locks.push(...locks);
      }
      await single.query('BEGIN');
      total.broken = brokenIn(own, await runOldVersion(single, own.statements));
      await single.query('ROLLBACK');
      return total;
    } finally {
      await single.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    }
  }

  return {
    setup: took,
    failed,
    client,
    measure: (script) => (script.alone ? alone(script) : together(script)),
    async close() {
      await Promise.all([client, other, app].map((session) => session.end()));
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
