import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { LockTaken } from '../../../src/domain/migrations/types';
import { lockModes } from '../../../src/domain/migrations/types';
import {
  brokenSince,
  differences,
  gate,
  locksOf,
  type Measured,
  OF_LOCKED_ROWS,
  relations,
  rowsOfOldVersion,
  sorted,
} from './measured';
import type { Server } from './servers';

const NOTHING: Measured = {
  locks: [],
  blocksReads: false,
  blocksWrites: false,
  rewrite: false,
  scan: false,
  blocks: false,
  broken: [],
};

/** Runs in a transaction of its own or not at all. */
export const standsAlone = (sql: string): boolean =>
  /\bCONCURRENTLY\b|\bVACUUM\b|\bBEGIN;/i.test(sql) && !/REFRESH/i.test(sql);

const LOCKS_ROWS = /\bFOR (?:UPDATE|SHARE|NO KEY UPDATE|KEY SHARE)\b/;

const messageOf = (error: unknown) => (error as Error).message;

/** Executes SQL in one transaction, looks at what it holds, and takes it back. */
export async function inTransaction(
  client: Client,
  other: Client,
  sql: string,
  pid: number,
  base: (number | undefined)[],
): Promise<Measured> {
  await client.query('BEGIN; SET LOCAL enable_seqscan = off');
  try {
    const before = await relations(client, 'xact_');
    await client.query(sql);
    const locks = await locksOf(client, pid, before, LOCKS_ROWS.test(sql) ? OF_LOCKED_ROWS : undefined);
    const changed = differences(before, await relations(client, 'xact_'), locks);
    const gates: { reads: boolean; writes: boolean }[] = [];
    for (const { relation } of locks) gates.push(await gate(other, relation));
    const broken = brokenSince(base, await rowsOfOldVersion(client));
    const blocksReads = gates.some(({ reads }) => !reads);
    const blocksWrites = gates.some(({ writes }) => !writes);
    const blocks = blocksWrites && (changed.scan || changed.rewrite);
    return { locks, ...changed, broken, blocksReads, blocksWrites, blocks };
  } catch (error) {
    return { ...NOTHING, refused: messageOf(error) };
  } finally {
    await client.query('ROLLBACK');
  }
}

/** Waits until one backend waits for the other, or has done all it was asked to. */
async function untilHeldUp(watcher: Client, pid: number, by: number, done: () => boolean): Promise<void> {
  while (!done()) {
    const { rows } = await watcher.query<{ waits: boolean }>(
      'SELECT $2 = ANY(pg_blocking_pids($1)) AS waits',
      [pid, by],
    );
    if (rows[0]!.waits) return;
    await sleep(2);
  }
}

const pidOf = async (client: Client) =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;

function strongestOf(all: LockTaken[]): LockTaken[] {
  const strongest = new Map<string, LockTaken>();
  for (const lock of all) {
    const held = strongest.get(lock.relation);
    if (!held || lockModes.indexOf(held.mode) < lockModes.indexOf(lock.mode))
      strongest.set(lock.relation, lock);
  }
  return sorted([...strongest.values()]);
}

/** One statement against two sessions that hold it up in turn, so that what it asks for can be seen. */
export async function heldUp(
  server: Server,
  database: string,
  client: Client,
  pid: number,
  statement: string,
) {
  const [watcher, writer, reader] = await Promise.all(
    [database, database, database].map((name) => server.connect(name)),
  );
  const before = await relations(watcher!, '');
  const names = (kinds: string) =>
    [...before.values()]
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ name }) => name)
      .join(', ');
  const seen: LockTaken[] = [];
  let done = false;
  try {
    await writer!.query(
      `BEGIN; LOCK TABLE ONLY ${names('rp').replaceAll(', ', ', ONLY ')} IN SHARE UPDATE EXCLUSIVE MODE`,
    );
    await reader!.query(
      `BEGIN; LOCK TABLE ONLY ${names('r').replaceAll(', ', ', ONLY ')} IN ACCESS SHARE MODE`,
    );
    const outcome = client.query(statement).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    const ended = outcome.then(() => {
      done = true;
    });
    for (const blocker of [writer!, reader!]) {
      await untilHeldUp(watcher!, pid, await pidOf(blocker), () => done);
      seen.push(...(await locksOf(watcher!, pid, before)));
      await blocker.query('ROLLBACK');
    }
    await ended;
    return { refused: await outcome, seen, before };
  } finally {
    await Promise.all([watcher!, writer!, reader!].map((session) => session.end()));
  }
}

export const stopsWrites = (locks: LockTaken[]) =>
  locks.some(({ mode }) => lockModes.indexOf(mode) >= lockModes.indexOf('SHARE'));

/** Executes statements one by one, each outside a transaction, in a database that is thrown away. */
export async function byItself(
  server: Server,
  admin: Client,
  sql: string,
  base: (number | undefined)[],
): Promise<Measured> {
  await admin.query('CREATE DATABASE alone TEMPLATE fixture');
  const client = await server.connect('alone');
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const total: Measured = { ...NOTHING };
    for (const statement of sql.split(';').map((text) => text.trim())) {
      const { refused, seen, before } = await heldUp(server, 'alone', client, rows[0]!.pid, statement);
      total.locks = strongestOf([...total.locks, ...seen]);
      total.refused ??= refused;
      await client.query('SELECT pg_stat_force_next_flush()').catch(() => {});
      if (refused) await client.query('ROLLBACK');
      const changed = differences(before, await relations(client, ''), seen);
      total.rewrite ||= changed.rewrite;
      total.scan ||= changed.scan;
      total.blocks ||= stopsWrites(seen) && (changed.scan || changed.rewrite);
    }
    await client.query('BEGIN');
    total.broken = brokenSince(base, await rowsOfOldVersion(client));
    await client.query('ROLLBACK');
    total.blocksReads = total.locks.some(({ mode }) => mode === 'ACCESS EXCLUSIVE');
    total.blocksWrites = stopsWrites(total.locks);
    return total;
  } finally {
    await client.end();
    await admin.query('DROP DATABASE alone WITH (FORCE)');
  }
}
