import type { Client } from 'pg';
import type { LockTaken } from '../../../../src/domain/migrations/types';
import { refusesTransaction } from '../../../../src/migrations/statements';
import { heldUp, stopsWrites } from '../experiment';
import { brokenSince, gate, locksOf, type Relation, relations, rowsOfOldVersion } from '../measured';
import type { Server } from '../servers';
import type { Placed } from './history';
import { BIG_ROWS, type InUse } from './in-use';

/** Of a table's rows, the share that a statement may keep from writers without being in their way. */
const SHARE_OF_ROWS = 0.1;

/** A session that migrates, and one beside it with a short lock_timeout. */
export interface Run {
  server: Server;
  database: string;
  client: Client;
  other: Client;
  pid: number;
}

/** What a statement did to the live version. */
export interface Effect {
  /**
   * It made others wait for as long as a big table is big. Measured: while it ran, a big table that the live version
   * uses was read (100 rows of it or more, which stand for 100,000) or written anew, it or an index, and when it had ended,
   * another session could not read or write one of that version's tables; or a tenth of the rows of a big table, or more,
   * could not be written. Why so: a lock for milliseconds is what every DDL statement takes and no harm by itself, while a
   * lock during work that grows with the table is an outage that grows with it. What is held from an earlier statement of
   * the same transaction counts for the one that takes long.
   */
  blocks: boolean;
  /** The live version's statements that work no more, or find nothing where they found rows, once it is committed. */
  broken: string[];
}

const only = (all: Map<number, Relation>, oids: ReadonlySet<number>) =>
  new Map([...all].filter(([oid]) => oids.has(oid)));

/** A big table was read, or it or one of its indexes was written anew. */
const long = (before: Map<number, Relation>, after: Map<number, Relation>) =>
  [...before.values()].some((old) => {
    const now = after.get(old.oid);
    if (!now || now.file !== old.file) return now !== undefined;
    return old.kind !== 'i' && now.read + now.fetched - old.read - old.fetched >= BIG_ROWS;
  });

/** The share of a table's rows that another session cannot write. */
async function lockedShare(other: Client, relation: string): Promise<number> {
  const { rows } = await other.query<{ share: number }>(`
    SELECT 1 - (SELECT count(*) FROM (SELECT 1 FROM ${relation} FOR NO KEY UPDATE SKIP LOCKED) AS free)::float8
      / greatest(count(*), 1) AS share FROM ${relation}`);
  return rows[0]!.share;
}

async function tablesWait(other: Client, locks: LockTaken[]): Promise<boolean> {
  for (const { relation } of locks) {
    const { reads, writes } = await gate(other, relation);
    if (!reads || !writes) return true;
  }
  return false;
}

async function rowsWait(other: Client, locks: LockTaken[]): Promise<boolean> {
  for (const { relation, mode } of locks)
    if (mode === 'ROW EXCLUSIVE' && (await lockedShare(other, relation)) >= SHARE_OF_ROWS) return true;
  return false;
}

/**
 * On tables of a few pages an index is seldom worth its while: with these costs the planner decides by the share of the
 * rows, as it does where a table has many pages.
 */
const AS_ON_BIG_TABLES = 'SET LOCAL random_page_cost = 0.1; SET LOCAL cpu_index_tuple_cost = 0.05';

/** Statement after statement in one transaction, which is committed. */
async function together({ client, other, pid }: Run, used: InUse, statements: Placed[]): Promise<Effect[]> {
  await client.query(`BEGIN; ${AS_ON_BIG_TABLES}`);
  const effects: Effect[] = [];
  // who waits for what an earlier statement has dropped still waits
  const first = await relations(client, 'xact_');
  for (const { text, tag } of statements) {
    const known = await relations(client, 'xact_');
    // one transaction is open already
    if (tag !== 'TransactionStmt') await client.query(text);
    const locks = await locksOf(client, pid, only(new Map([...first, ...known]), used.all));
    const took = long(only(known, used.big), await relations(client, 'xact_'));
    const broken = brokenSince(used.base, await rowsOfOldVersion(client, used.version), used.version);
    const rows = await rowsWait(other, await locksOf(client, pid, only(known, used.big)));
    effects.push({ blocks: rows || (took && (await tablesWait(other, locks))), broken });
  }
  await client.query('COMMIT');
  return effects;
}

const COMMITS = /\bCOMMIT\b/i;

/** One statement outside a transaction. Batches that commit by themselves hold their locks for one batch only. */
async function alone({ server, database, client, pid }: Run, used: InUse, { text }: Placed): Promise<Effect> {
  await client.query('SELECT pg_stat_force_next_flush()');
  const { refused, seen, before } = await heldUp(server, database, client, pid, text);
  if (refused !== undefined) throw new Error(refused);
  await client.query('SELECT pg_stat_force_next_flush()');
  const took = long(only(before, used.big), await relations(client, ''));
  await client.query('BEGIN');
  const broken = brokenSince(used.base, await rowsOfOldVersion(client, used.version), used.version);
  await client.query('ROLLBACK');
  return { blocks: took && stopsWrites(seen), broken };
}

/** What is broken when a transaction is over belongs to the statement after which it no longer worked. */
function blamed(effects: Effect[], before: string[]): Effect[] {
  const stays = new Set(effects.at(-1)?.broken.filter((statement) => !before.includes(statement)));
  return effects.map(({ blocks, broken }, i) => ({
    blocks,
    broken: broken.filter((statement) => {
      const again = effects.slice(i).every((later) => later.broken.includes(statement));
      const already = i > 0 && effects[i - 1]!.broken.includes(statement);
      return stays.has(statement) && again && !already;
    }),
  }));
}

/** Applies the statements of a file, and tells what each of them did. Throws PostgreSQL's error for one that is refused. */
export async function applyFile(
  run: Run,
  used: InUse,
  statements: Placed[],
  transactional: boolean,
  brokenBefore: string[],
): Promise<{ effects: Effect[]; broken: string[] }> {
  if (transactional) {
    const effects = await together(run, used, statements);
    return { effects: blamed(effects, brokenBefore), broken: effects.at(-1)?.broken ?? brokenBefore };
  }
  let broken = brokenBefore;
  const effects: Effect[] = [];
  for (const statement of statements) {
    const byItself =
      refusesTransaction(statement.text.toLowerCase().replace(/\s+/g, ' ')) ||
      (statement.tag === 'DoStmt' && COMMITS.test(statement.text));
    const one = byItself ? [await alone(run, used, statement)] : await together(run, used, [statement]);
    effects.push(...blamed(one, broken));
    broken = one[0]!.broken;
  }
  return { effects, broken };
}
