import type { Node } from 'libpg-query';
import { constantText } from './constant-text';
import { onlyTells } from './hidden-effects';
import { parser } from './parser';
import { piecesOf, withoutCommands } from './pieces';
import { bodyOf, type Embedded, embeddedStatements, languageOf } from './plpgsql';
import { positions } from './positions';

/** One statement of a text. `tag` is the parser's name of its form, e.g. "AlterTableStmt", `node` its tree. */
export interface Statement {
  tag: string;
  node: object;
  text: string;
  /** 1-based, in characters; relative to the text that was parsed. */
  line: number;
  column: number;
  /** Inside the body of a DO block. */
  embedded?: boolean;
}

/** Text that is not SQL for PostgreSQL's parser, or that only exists when it runs. */
export interface Unreadable {
  line: number;
  column: number;
  message: string;
  text: string;
}

export interface Parsed {
  /** All that could be read, also around what could not. */
  statements: Statement[];
  /** The first statement that is none for PostgreSQL's parser. */
  error?: Unreadable;
  /** What could not be read, that statement included: dynamic SQL of DO blocks, psql's own commands. */
  opaque: Unreadable[];
}

const bytes = new TextEncoder();
const characters = new TextDecoder();

/** The statement inside the parser's one-key object. */
function opened(node: Node): Pick<Statement, 'tag' | 'node'> {
  const [entry] = Object.entries(node);
  return entry ? { tag: entry[0], node: entry[1] as object } : { tag: 'empty', node: {} };
}

function syntaxError(sql: string, error: unknown): Unreadable {
  if (!(error instanceof Error)) throw error;
  // the parser counts characters here, bytes elsewhere
  const offset = parser().hasSqlDetails(error) ? Math.max(0, error.sqlDetails!.cursorPosition) : 0;
  const before = [...sql].slice(0, offset).join('').split('\n');
  return {
    line: before.length,
    column: [...before.at(-1)!].length + 1,
    message: error.message,
    text: sql.split('\n')[before.length - 1]!.trim(),
  };
}

function parseTop(sql: string): Statement[] {
  const ascii = /^[\0-\x7f]*$/.test(sql);
  const encoded = ascii ? undefined : bytes.encode(sql);
  const slice = (from: number, to?: number) =>
    encoded ? characters.decode(encoded.subarray(from, to)) : sql.slice(from, to);
  const at = positions(slice);
  return (parser().parseSync(sql).stmts ?? []).map(({ stmt, stmt_location: from = 0, stmt_len: length }) => ({
    ...opened(stmt!),
    text: slice(from, length === undefined ? undefined : from + length).trim(),
    ...at(from),
  }));
}

/** The statements that a DO block is known to run, and what of it cannot be known. */
function lookInto(block: Statement): Pick<Parsed, 'statements' | 'opaque'> {
  const body = bodyOf(block.node);
  const firstLine =
    block.line + block.text.slice(0, Math.max(0, block.text.indexOf(body))).split('\n').length - 1;
  const place = (line: number) => ({ line: firstLine + line - 1, column: 1 });
  const result: Pick<Parsed, 'statements' | 'opaque'> = { statements: [], opaque: [] };
  const language = languageOf(block.node);
  const take = ({ sql, line, computes }: Embedded) => {
    try {
      if (sql === undefined) throw new Error('the text of this EXECUTE is only known when it runs');
      for (const found of parseTop(sql))
        if (!computes || !onlyTells(found.node))
          result.statements.push({ ...found, ...place(line), embedded: true });
    } catch (error) {
      result.opaque.push({ ...place(line), message: (error as Error).message, text: block.text });
    }
  };
  try {
    if (language !== 'plpgsql') throw new Error(`what is written in ${language} cannot be seen`);
    embeddedStatements(parser().parsePlPgSQLSync(block.text), constantText).forEach(take);
  } catch (error) {
    result.opaque.push({ ...place(1), message: (error as Error).message, text: block.text });
  }
  return result;
}

/** psql's commands that do nothing to a database. pg_dump writes \\restrict and \\unrestrict since 17.6. */
const HARMLESS_COMMANDS =
  /^\\(?:restrict|unrestrict|echo|qecho|warn|timing|pset|set|unset|encoding|prompt|x|a|t|q|\.)(?:\s|$)/;

const placeOf = (sql: string, offset: number): { line: number; column: number } => {
  const before = sql.slice(0, offset).split('\n');
  return { line: before.length, column: [...before.at(-1)!].length + 1 };
};

/** psql's commands, which the parser knows nothing of. */
const commandsIn = (sql: string): Unreadable[] =>
  piecesOf(sql)
    .commands.filter(({ text }) => !HARMLESS_COMMANDS.test(text))
    .map(({ text, from }) => ({
      ...placeOf(sql, from),
      text,
      message: `${text.split(/\s/)[0]} is a command of psql; what it does cannot be seen`,
    }));

/** Statement by statement: what cannot be read does not hide what can. */
function parseApart(sql: string): Pick<Parsed, 'statements' | 'opaque'> {
  const found: Pick<Parsed, 'statements' | 'opaque'> = { statements: [], opaque: [] };
  for (const { text, from } of piecesOf(sql).statements) {
    const start = placeOf(sql, from);
    const moved = <P extends { line: number; column: number }>(place: P): P => ({
      ...place,
      line: start.line + place.line - 1,
      column: place.line === 1 ? start.column + place.column - 1 : place.column,
    });
    try {
      found.statements.push(...parseTop(text).map(moved));
    } catch (error) {
      found.opaque.push({ ...moved(syntaxError(text, error)), text: text.slice(0, 500) });
    }
  }
  return found;
}

function parseWhole(sql: string): Parsed {
  if (sql.trim() === '') return { statements: [], opaque: [] };
  const foreign = /^\\|^\s*copy\b/im.test(sql);
  const own = foreign ? withoutCommands(sql) : sql;
  const commands = foreign ? commandsIn(sql) : [];
  if (own.trim() === '') return { statements: [], opaque: commands };
  let top: Statement[];
  let unread: Unreadable[] = [];
  try {
    top = parseTop(own);
  } catch {
    // of the whole text: without its rows a COPY … FROM stdin would seem to go on to the end
    const apart = parseApart(sql);
    top = apart.statements;
    unread = apart.opaque;
  }
  const parts = top.map((statement) =>
    statement.tag === 'DoStmt' ? lookInto(statement) : { statements: [statement], opaque: [] },
  );
  return {
    statements: parts.flatMap(({ statements }) => statements),
    opaque: [...unread, ...commands, ...parts.flatMap(({ opaque }) => opaque)],
    ...(unread[0] && { error: unread[0] }),
  };
}

let latest = { sql: '', parsed: parseWhole('') };

/**
 * Statements of a text by PostgreSQL's own parser, which must have been loaded. Never throws for what is in the text.
 * The latest text is remembered, because a migration is analysed and then carried out: its trees are for reading only.
 */
export function parse(sql: string): Parsed {
  if (sql !== latest.sql) latest = { sql, parsed: parseWhole(sql) };
  return latest.parsed;
}

/** The tree of an expression such as a CHECK's; undefined when it is none. */
export function parseExpression(expression: string): Node | undefined {
  try {
    const [first] = parser().parseSync(`SELECT 1 WHERE ${expression}`).stmts ?? [];
    return (first?.stmt as { SelectStmt?: { whereClause?: Node } } | undefined)?.SelectStmt?.whereClause;
  } catch {
    return undefined;
  }
}
