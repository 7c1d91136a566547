import type { Session } from './tool';

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * The qualified, quoted name of a tool's table, "table" or "schema.table": the one on the search path, else the only one of
 * that name. Undefined
 * where there is none. Throws when there are several and none is on the path.
 */
export async function findTable(session: Session, name: string): Promise<string | undefined> {
  const [table, schema] = name.split('.').reverse();
  const { rows } = await session.query<{ schema: string; visible: boolean }>(
    `SELECT n.nspname AS schema, pg_table_is_visible(c.oid) AS visible
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = $1 AND coalesce(n.nspname = $2, true) AND c.relkind IN ('r', 'p') ORDER BY 2 DESC, 1`,
    [table, schema ?? null],
  );
  const [first, second] = rows;
  if (!first) return undefined;
  if (second && !first.visible)
    throw new Error(
      `the table ${name} is in ${rows.map(({ schema }) => schema).join(', ')}; ` +
        "put the application's schema on the role's search_path",
    );
  return `${quoted(first.schema)}.${quoted(table!)}`;
}

/** Rows of a tool's table, none where it does not exist. `select` has the place holder TABLE. */
export async function rowsOf<Row extends Record<string, unknown>>(
  session: Session,
  table: string,
  select: string,
): Promise<Row[]> {
  const found = await findTable(session, table);
  if (!found) return [];
  // a function, because names may contain $
  return (await session.query<Row>(select.replace('TABLE', () => found))).rows;
}

/** Who holds one of the advisory locks (64-bit keys) in this database; undefined when nobody does. */
export async function advisoryLockHolder(
  session: Session,
  keys: readonly bigint[],
): Promise<string | undefined> {
  const { rows } = await session.query<{ pid: number }>(
    `SELECT pid FROM pg_locks
      WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid::bigint << 32) | objid::bigint = ANY ($1::bigint[])`,
    [keys.map(String)],
  );
  return rows[0] && `backend ${rows[0].pid}`;
}
