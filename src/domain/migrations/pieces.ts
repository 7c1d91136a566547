/**
 * What a text of SQL is made of, without understanding it: comments, quoted text, dollar quotes, psql's own commands at the
 * beginning of a line, the semicolons between statements, and the rest.
 */
const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$[\s\S]*?\$\1\$|(?<=^|\n)\\[^\n]*|;|[^;'"$/\-\\eE]+|[\s\S]/g;

/** A statement as it stands in its text, the semicolon left out. */
export interface Piece {
  text: string;
  /** Offset in characters of the first sign that is no blank and no comment. */
  from: number;
}

/** psql's command on a line of its own. */
export interface Command {
  text: string;
  from: number;
}

const isComment = (token: string) => token.startsWith('--') || token.startsWith('/*');
const copiesRows = (statement: string) => /^\s*copy\b[\s\S]*\bfrom\s+(?:stdin|pstdin)\b/i.test(statement);

/** Cuts a text into its statements and psql's commands; rows behind COPY … FROM stdin belong to neither. */
export function piecesOf(sql: string): { statements: Piece[]; commands: Command[] } {
  const statements: Piece[] = [];
  const commands: Command[] = [];
  let begun = 0;
  let first: number | undefined;
  let rowsUntil = 0;
  const close = (to: number) => {
    const text = sql.slice(first ?? begun, to);
    if (first !== undefined) statements.push({ text, from: first });
    begun = to + 1;
    first = undefined;
    return text;
  };
  for (const { 0: token, index } of sql.matchAll(TOKENS)) {
    if (index < rowsUntil) continue;
    if (token === ';') {
      if (!copiesRows(close(index))) continue;
      const end = /^\\\.$/m.exec(sql.slice(index));
      rowsUntil = end ? index + end.index + end[0].length : sql.length;
      begun = rowsUntil;
    } else if (token.startsWith('\\') && first === undefined)
      commands.push({ text: token.trim(), from: index });
    else if (!isComment(token) && token.trim() !== '') first ??= index + token.search(/\S/);
  }
  close(sql.length);
  return { statements, commands };
}

/** The text with blanks in the place of everything that is no statement of SQL: each statement stays where it is. */
export function withoutCommands(sql: string): string {
  const { statements } = piecesOf(sql);
  const blank = (text: string) => text.replace(/[^\n]/gu, (sign) => ' '.repeat(sign.length));
  let at = 0;
  let kept = '';
  for (const { text, from } of statements) {
    kept += `${blank(sql.slice(at, from))}${text};`;
    at = from + text.length + 1;
  }
  return kept + blank(sql.slice(at));
}
