import type { CopyStmt, LockStmt, Node } from 'libpg-query';
import { parse, type Statement } from './parse';

/** A statement that PostgreSQL has counted for a role. */
interface Counted {
  role: string;
  text: string;
}

/** Longer texts of statements are cut off here. */
export const LONGEST = 20_000;

/** Source: PostgreSQL, src/include/storage/lockdefs.h. */
const ACCESS_SHARE = 1;
/** Source: PostgreSQL, src/bin/pg_dump/pg_dump.c, dumpTableData_insert. */
const CURSOR = '_pg_dump_cursor';

const keyOf = ({ schemaname, relname }: { schemaname?: string; relname?: string }) =>
  schemaname === undefined ? [] : [`${schemaname}.${relname}`];
const tablesIn = (nodes: readonly Node[] = []) =>
  nodes.flatMap((node) => ('RangeVar' in node ? keyOf(node.RangeVar) : []));

const statementOf = (text: string): Statement | undefined => {
  if (!/^\s*(lock|copy|declare)\s/i.test(text)) return undefined;
  const { statements, error } = parse(text);
  return error || statements.length !== 1 ? undefined : statements[0];
};

/** The tables that a statement only locks, as somebody does who reads them later. A list of thousands is cut off. */
function onlyLocked(text: string): string[] {
  const cut = text.length >= LONGEST && text.startsWith('LOCK TABLE ');
  const statement = statementOf(cut ? `${text.slice(0, text.lastIndexOf(','))} IN ACCESS SHARE MODE` : text);
  if (statement?.tag !== 'LockStmt') return [];
  const { relations, mode } = statement.node as LockStmt;
  return mode === ACCESS_SHARE ? tablesIn(relations) : [];
}

/** The table of `COPY schema.table (columns) TO stdout`. */
function copied(text: string): string[] {
  const statement = statementOf(text);
  if (statement?.tag !== 'CopyStmt') return [];
  const { relation, attlist, is_from, is_program, filename, options } = statement.node as CopyStmt;
  const whole = relation && attlist && !is_from && !is_program && filename === undefined && !options;
  return whole ? keyOf(relation) : [];
}

const isCursor = (text: string): boolean => {
  const statement = statementOf(text);
  return (
    statement?.tag === 'DeclareCursorStmt' &&
    (statement.node as { portalname?: string }).portalname === CURSOR
  );
};

/**
 * Which statements are those of pg_dump. It reads from the catalog which tables and columns there are, locks the tables in ACCESS SHARE
 * mode, and copies each by its columns' names: so it misses nothing that is taken away. Who copies a table without locking it so may be
 * a program that wants just these columns. Source: PostgreSQL, src/bin/pg_dump/pg_dump.c, getTables, dumpTableData_copy.
 * The parser must have been loaded.
 */
export function dumpsIn(counted: readonly Counted[]): (statement: Counted) => boolean {
  const locked = new Set(counted.flatMap(({ role, text }) => onlyLocked(text).map((of) => `${role} ${of}`)));
  return ({ role, text }) =>
    isCursor(text) || onlyLocked(text).length > 0 || copied(text).some((of) => locked.has(`${role} ${of}`));
}
