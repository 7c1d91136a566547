import type { Client, DatabaseError } from 'pg';
import { type Group, inOrder } from '../../domain/attempts/rows/order';
import { connecting, FEW, type FillOptions, insertInto, satisfies } from '../../domain/attempts/rows/plan';
import { relation, type TableShape, type TableSizes } from '../../domain/attempts/rows/shape';
import { candidates } from '../../domain/attempts/rows/values';
import { readShapes } from './shape';
import { tableNames } from './state';

/** A table that has no row, and why. */
export interface Unfilled {
  table: string;
  why: string;
}

/** How many combinations of values are tried for one condition. */
const MOST_TRIES = 400;
/** How many conditions of one table are looked into before it is given up. */
const MOST_CONDITIONS = 30;

const DUPLICATE = '23505';
const NOT_NULL = '23502';
const CHECK = '23514';
const EXCLUSION = '23P01';

/** Runs a statement; one that PostgreSQL refuses leaves nothing but its error. */
async function tried(client: Client, sql: string): Promise<DatabaseError | undefined> {
  await client.query('SAVEPOINT filling');
  try {
    await client.query(sql);
    await client.query('RELEASE SAVEPOINT filling');
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT filling');
    return error as DatabaseError;
  }
}

async function holds(client: Client, sql: string): Promise<boolean> {
  await client.query('SAVEPOINT asking');
  try {
    const { rows } = await client.query<{ ok: boolean | null }>(sql);
    return rows[0]?.ok === true;
  } catch {
    return false;
  } finally {
    await client.query('ROLLBACK TO SAVEPOINT asking');
  }
}

/** Every combination of one of each, those that differ in little first. */
function* combinations(lists: readonly (readonly string[])[]): Generator<string[]> {
  const [first, ...rest] = lists;
  if (!first) {
    yield [];
    return;
  }
  for (const more of combinations(rest)) for (const one of first) yield [one, ...more];
}

type Chosen = Record<string, string>;

/** Values with which a condition holds, beside all those that held before; undefined where none of the candidates does. */
async function valuesFor(
  client: Client,
  table: TableShape,
  names: readonly string[],
  chosen: Chosen,
  count: number,
): Promise<Chosen | undefined> {
  const columns = table.columns.filter(({ name }) => names.includes(name));
  const about = table.checks.filter((one) => one.columns.some((name) => names.includes(name)));
  const wanted = about.map(({ expression }) => `(${expression})`);
  const lists = columns.map(({ type }) =>
    candidates(type, [...wanted, ...(type.checks ?? []), ...(type.of?.checks ?? [])], 'i'),
  );
  let left = MOST_TRIES;
  for (const values of combinations(lists)) {
    if (left-- === 0) return undefined;
    const own = { ...chosen, ...Object.fromEntries(columns.map(({ name }, n) => [name, values[n]!])) };
    if (await holds(client, satisfies(table, wanted.join(' AND ') || 'true', own, count))) return own;
  }
  return undefined;
}

/** Columns that a refused row broke a rule with. */
function brokenColumns({ columns, checks }: TableShape, { constraint, dataType }: DatabaseError): string[] {
  const check = checks.find(({ name }) => name === constraint);
  if (check) return [...check.columns];
  const own = columns.filter(({ type }) => type.kind === 'domain' && type.sql.endsWith(dataType ?? ''));
  if (dataType !== undefined && own.length > 0) return own.map(({ name }) => name);
  // a row that no partition takes names no constraint
  return [...(checks.find(({ name }) => name === 'its partitions')?.columns ?? [])];
}

/** Fills the tables of a group; returns why it could not. */
async function fillGroup(client: Client, group: Group, given: FillOptions): Promise<string | undefined> {
  let options = given;
  let chosen: Chosen = {};
  let why = '';
  for (let n = 0; n < MOST_CONDITIONS; n++) {
    const statement = insertInto(group, { ...options, instead: chosen });
    if ('why' in statement) return statement.why;
    const refused = await tried(client, statement.sql);
    if (!refused) return undefined;
    why = refused.message;
    const table = group.find(({ name }) => name.endsWith(`.${refused.table}`)) ?? group[0]!;
    if (refused.code === CHECK) {
      const names = brokenColumns(table, refused);
      const better = await valuesFor(client, table, names, chosen, options.count);
      if (names.length === 0 || !better) return why;
      chosen = better;
    } else if ([DUPLICATE, NOT_NULL, EXCLUSION].includes(refused.code ?? '') && !options.distinct)
      options = { ...options, distinct: true };
    else if (options.count > 1) options = { ...options, count: 1 };
    else return why;
  }
  return why;
}

async function countRows(client: Client, tables: readonly TableShape[]): Promise<Map<string, number>> {
  if (tables.length === 0) return new Map();
  const counts = tables.map(
    ({ name }, n) =>
      `SELECT ${n} AS n, count(*)::float8 AS count FROM (SELECT FROM ${relation(name)} LIMIT 100000) AS t`,
  );
  const { rows } = await client.query<{ n: number; count: number }>(counts.join(' UNION ALL '));
  return new Map(rows.map(({ n, count }) => [tables[n]!.name, count]));
}

/** Whether there is a table without a row. */
async function someEmpty(client: Client, except: readonly string[]): Promise<boolean> {
  const names = await tableNames(client, except);
  if (names.length === 0) return false;
  const filled = names.map((name) => `EXISTS (SELECT FROM ${relation(name)})`);
  const { rows } = await client.query<{ all: boolean }>(`SELECT ${filled.join(' AND ')} AS all`);
  return rows[0]?.all !== true;
}

export interface FillRequest {
  /** The tool's own tables. */
  except: readonly string[];
  /** Tables that are left as they are, by name. */
  but?: ReadonlySet<string>;
  /** What production has, by table; a few rows where nobody has looked. */
  sizes?: ReadonlyMap<string, TableSizes>;
  /** At most so many rows in a table. */
  most?: number;
}

/**
 * Makes rows in every table that has none. Resolves with those in which none could be made, and why; PostgreSQL's errors are
 * among the reasons.
 */
export async function fillTables(
  client: Client,
  { except, but, sizes, most = Number.POSITIVE_INFINITY }: FillRequest,
): Promise<Unfilled[]> {
  // most migrations make no table: then what rows would be made by need not be read
  if (!(await someEmpty(client, except))) return [];
  const tables = await readShapes(client, except);
  const present = await countRows(client, tables);
  const empty = tables.filter(({ name }) => present.get(name) === 0 && !but?.has(name));
  if (empty.length === 0) return [];
  const unfilled: Unfilled[] = [];
  await client.query('BEGIN');
  try {
    for (const group of inOrder(empty)) {
      const wanted = group.map(({ name }) => (sizes ? (sizes.get(name)?.rows ?? FEW) : FEW));
      const count = Math.min(Math.max(...wanted), most);
      if (count === 0) continue;
      const why = await fillGroup(client, group, { count, present, sizes: sizes?.get(group[0]!.name) });
      for (const { name } of group) {
        if (why !== undefined) unfilled.push({ table: name, why });
        else present.set(name, count);
      }
    }
    // a reference that stays empty is allowed to
    for (const { sql } of connecting(empty)) await tried(client, sql);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  return unfilled;
}
