import type { Client } from 'pg';
import type { LockMode, LockTaken } from '../../../src/domain/migrations/types';
import { lockModes } from '../../../src/domain/migrations/types';
import { OLD_VERSION } from './fixture';

/** What a statement was seen to do. */
export interface Measured {
  locks: LockTaken[];
  blocksReads: boolean;
  blocksWrites: boolean;
  rewrite: boolean;
  scan: boolean;
  /** One statement alone makes others wait for as long as a table is big. */
  blocks: boolean;
  /** The old version's statements that fail, or find nothing where they found rows. */
  broken: string[];
  /** PostgreSQL's error where it refused the statement. */
  refused?: string;
}

export interface Relation {
  oid: number;
  name: string;
  kind: string;
  /** Of an index its table, of a sequence the table whose column it numbers; else 0. */
  owner: number;
  file: number;
  read: number;
  fetched: number;
}

/**
 * Every relation of the user's, its name quoted where it has to be, with its file, how many rows scans of it have returned and
 * how many were fetched by way of an index.
 */
export async function relations(client: Client, counter: 'xact_' | ''): Promise<Map<number, Relation>> {
  const { rows } = await client.query<Relation>(`
    SELECT c.oid::int, format('%I.%I', n.nspname, c.relname) AS name, c.relkind::text AS kind, c.relfilenode::int AS file,
      coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = c.oid), (SELECT refobjid FROM pg_depend
        WHERE c.relkind = 'S' AND classid = 'pg_class'::regclass AND objid = c.oid AND refclassid = 'pg_class'::regclass
          AND deptype IN ('a', 'i')), 0)::int AS owner,
      pg_stat_get_${counter}tuples_returned(c.oid)::int AS read,
      pg_stat_get_${counter}tuples_fetched(c.oid)::int AS fetched
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'i', 'I', 'S')`);
  return new Map(rows.map((row) => [row.oid, row]));
}

const TABLES = new Set(['r', 'p', 'v', 'm', 'S']);

/** Readers' locks are not looked at. */
const WEAKEST = lockModes.indexOf('ROW EXCLUSIVE');
/** Of a query that locks rows. */
export const OF_LOCKED_ROWS = lockModes.indexOf('ROW SHARE');

/** Locks that a backend holds or waits for on relations that were there before, those weaker than one left out. */
export async function locksOf(
  client: Client,
  pid: number,
  before: Map<number, Relation>,
  weakest = WEAKEST,
): Promise<LockTaken[]> {
  const { rows } = await client.query<{ oid: number; mode: string }>(
    "SELECT relation::int AS oid, mode FROM pg_locks WHERE pid = $1 AND locktype = 'relation'",
    [pid],
  );
  const held = new Map<number, number>();
  for (const { oid, mode } of rows) {
    const level = lockModes.findIndex((known) => `${known.replaceAll(' ', '')}LOCK` === mode.toUpperCase());
    held.set(oid, Math.max(held.get(oid) ?? 0, level));
  }
  const exclusive = lockModes.indexOf('ACCESS EXCLUSIVE');
  const locks = new Map<string, LockMode>();
  for (const [oid, level] of held) {
    const relation = before.get(oid);
    if (!relation || level < weakest) continue;
    const owner = before.get(relation.owner);
    const ofOwner = held.get(relation.owner) ?? 0;
    if (TABLES.has(relation.kind)) {
      // nobody asks for a number for a table that nobody gets at
      if (ofOwner < exclusive) locks.set(relation.name, lockModes[level]!);
    } else if (level === exclusive && owner && ofOwner < WEAKEST) {
      // each plan opens all indexes, so that a lock on one alone is one on the table
      locks.set(owner.name, 'ACCESS EXCLUSIVE');
    }
  }
  return sorted([...locks].map(([relation, mode]) => ({ relation, mode })));
}

export const sorted = (locks: LockTaken[]): LockTaken[] =>
  [...locks].sort((left, right) => left.relation.localeCompare(right.relation));

/** Files and scans that differ, of relations that were there before. Only tables under one of the locks count as read. */
export function differences(before: Map<number, Relation>, after: Map<number, Relation>, locks: LockTaken[]) {
  const locked = new Set(locks.map(({ relation }) => relation));
  const pairs = [...before.values()].flatMap((old) => {
    const now = after.get(old.oid);
    return now ? [{ old, now }] : [];
  });
  return {
    rewrite: pairs.some(({ old, now }) => old.kind !== 'S' && old.file !== now.file),
    scan: pairs.some(({ old, now }) => TABLES.has(old.kind) && locked.has(old.name) && now.read > old.read),
  };
}

/** Rows each statement of the old version finds; undefined for one that fails. Leaves the transaction as it was. */
export async function rowsOfOldVersion(
  client: Client,
  version: readonly string[] = OLD_VERSION,
): Promise<(number | undefined)[]> {
  const found: (number | undefined)[] = [];
  for (const statement of version) {
    await client.query('SAVEPOINT old; SET LOCAL ROLE app');
    found.push(
      await client.query(statement).then(
        ({ rowCount }) => rowCount ?? 0,
        () => undefined,
      ),
    );
    await client.query('ROLLBACK TO old; RELEASE old');
  }
  return found;
}

/** The old version's statements that went well before and do not now, or find nothing where they found rows. */
export const brokenSince = (
  before: (number | undefined)[],
  after: (number | undefined)[],
  version: readonly string[] = OLD_VERSION,
): string[] =>
  version.filter(
    (_statement, i) =>
      before[i] !== undefined && (after[i] === undefined || (before[i]! > 0 && after[i] === 0)),
  );

const viewsHaveNoRows = () => ({ rows: [{ free: true }] });

/** Whether another session gets in: to read a relation, to write it, to write some of its rows. */
export async function gate(other: Client, relation: string): Promise<{ reads: boolean; writes: boolean }> {
  const free = (text: string) =>
    other.query(`BEGIN; ${text}; ROLLBACK`).then(
      () => true,
      async (error: { code: string }) => {
        await other.query('ROLLBACK');
        return error.code !== '55P03';
      },
    );
  const { rows: kinds } = await other.query<{ kind: string }>(
    'SELECT relkind::text AS kind FROM pg_class WHERE oid = to_regclass($1)',
    [relation],
  );
  if (kinds[0]?.kind === 'S')
    return {
      reads: await free(`SET LOCAL lock_timeout = 1; SELECT last_value FROM ${relation}`),
      writes: await free(`SET LOCAL lock_timeout = 1; SELECT nextval('${relation}')`),
    };
  const reads = await free(`SET LOCAL lock_timeout = 1; SELECT 1 FROM ${relation} LIMIT 1`);
  const locked = reads && (await free(`LOCK TABLE ${relation} IN ROW EXCLUSIVE MODE NOWAIT`));
  const { rows } = locked
    ? await other
        .query<{ free: boolean }>(`
        SELECT EXISTS (SELECT 1 FROM (SELECT 1 FROM ${relation} FOR NO KEY UPDATE SKIP LOCKED) AS free)
          OR NOT EXISTS (SELECT 1 FROM ${relation}) AS free`)
        .catch(viewsHaveNoRows)
    : { rows: [{ free: false }] };
  return { reads, writes: rows[0]!.free };
}
