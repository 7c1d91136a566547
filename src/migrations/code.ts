import { inOrder, nameOf, type Project } from './project';

/**
 * What can be read of a migration that is JavaScript or TypeScript: SQL that its `up` sends as a literal. All else of `up` is
 * code, whose effects nobody sees.
 */
export interface CodeRead {
  /** The file's text with blanks in the place of all that is not SQL, so that each statement stays where it is. */
  sql: string | null;
  /** Names of what is called that is code; absent when there is none, or no `up`. */
  code?: string;
  /** Line of the file at which the first of it stands, 1-based. */
  line?: number;
}

/** Names of methods that take a text and send it to the database as it is. */
const SENDS = 'query|execute|addSql|raw|sql';
const LITERAL =
  String.raw`('(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|` +
  '`(?:[^`\\\\$]|\\\\[\\s\\S]|\\$(?!\\{))*`)';
const LITERALS = String.raw`${LITERAL}(?:\s*\+\s*${LITERAL})*`;
/** A statement that does nothing but send: `await db.query('…', […]);` and Kysely's sql`…`.execute(db). */
const SENDING = new RegExp(
  String.raw`(?:\b(?:await|return|void)\s+)*(?:[\w$]+\.)*(?:(?:${SENDS})\s*\(\s*(?<called>${LITERALS})\s*(?:,[^()]*)?\)|sql\s*(?<tagged>${LITERAL}))(?:\.execute\(\s*[\w$.]*\s*\))?[ \t]*;?`,
  'y',
);
const NESTED = /`(?:[^`\\]|\\[\s\S])*`/y;
const TOKEN = new RegExp(String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/|${LITERAL}`, 'y');
const UP =
  /\bup\b\s*(?:[:=]\s*)?(?:async\s*)?(?:function\b\s*[\w$]*\s*)?(?:<[^>{}()]*>\s*)?(?:\(|(?=[\w$]+\s*=>))/g;

const blank = (text: string) => text.replace(/[^\n]/gu, (sign) => ' '.repeat(sign.length));

/** The text with comments and literals blanked, so that its brackets are those of the code. */
function codeOf(source: string): string {
  let code = '';
  for (let at = 0; at < source.length; ) {
    TOKEN.lastIndex = at;
    NESTED.lastIndex = at;
    const found = TOKEN.exec(source)?.[0] ?? NESTED.exec(source)?.[0];
    const taken = found ?? source[at]!;
    // a tag stays to be seen as a call
    code +=
      found === undefined ? taken : found.startsWith('`') ? `\`${blank(taken.slice(1, -1))}\`` : blank(taken);
    at += taken.length;
  }
  return code;
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

/** Offset behind the bracket that closes the one at an offset. */
function behind(code: string, open: number): number {
  const close = PAIRS[code[open]!]!;
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === code[open]) depth++;
    else if (code[at] === close && --depth === 0) return at + 1;
  }
  return code.length;
}

/** Where what `up` does begins and ends; undefined where no function of that name is found. */
function bodyOf(code: string): [number, number] | undefined {
  for (const { 0: head, index } of code.matchAll(UP)) {
    const end = index + head.length;
    const parameters = head.endsWith('(')
      ? behind(code, end - 1)
      : end + /^[\w$]+/.exec(code.slice(end))![0].length;
    const then = /^\s*(?::[^{};=]*?)?\s*(?:=>\s*|(?=\{))/.exec(code.slice(parameters));
    if (!then) continue;
    const start = parameters + then[0].length;
    if (code[start] === '{') return [start + 1, behind(code, start) - 1];
    for (let at = start; at < code.length; at++) {
      if (code[at]! in PAIRS) at = behind(code, at) - 1;
      else if (/[;,)}]/.test(code[at]!)) return [start, at];
    }
    return [start, code.length];
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: ' ', r: ' ', t: ' ', '\n': '\n' };

/** What a literal stands for; line ends of the text stay those of the file, so an escaped one is a blank. */
const contentOf = (literal: string) =>
  literal
    .slice(1, -1)
    .replace(
      /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi,
      (_, point, four, two, one: string) =>
        one === undefined
          ? String.fromCodePoint(Number.parseInt(point ?? four ?? two, 16))
          : (ESCAPES[one] ?? one),
    );

/** Literals and what joins them, as SQL that ends with a semicolon. */
const sqlOf = (literals: string) => {
  let sql = '';
  let end = 0;
  for (const match of literals.matchAll(new RegExp(LITERAL, 'g'))) {
    sql += `${blank(literals.slice(end, match.index))} ${contentOf(match[0])}`;
    end = match.index + match[0].length;
  }
  return `${sql};`;
};

/** Calls by their names, as they are read: queryInterface.removeColumn. */
const CALL =
  /(?<![\w$.])(?!(?:if|for|while|switch|catch|function|async|return|await)\b)[A-Za-z_$][\w$]*(?:\.[\w$]+)*(?=\s*[(`])/g;

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

/** What `up` sends to the database, and what of it is code. */
export function readCode(source: string): CodeRead {
  const code = codeOf(source);
  const body = bodyOf(code);
  if (!body) return { sql: null };
  const [start, end] = body;
  let sql = blank(source.slice(0, start));
  let rest = sql;
  // only what begins a statement is one: an argument of another call is not sent by itself
  const open: string[] = [];
  let begins = true;
  for (let at = start; at < end; ) {
    SENDING.lastIndex = at;
    // what is blank in the code is a comment
    const match = begins && code[at] === source[at] ? SENDING.exec(source) : null;
    const taken = match ? match[0] : source[at]!;
    if (match) {
      const literals = match.groups!.called ?? match.groups!.tagged!;
      const within = taken.indexOf(literals);
      sql += `${blank(taken.slice(0, within))}${sqlOf(literals)}${blank(taken.slice(within + literals.length))}`;
      rest += blank(taken);
    } else {
      const sign = code[at]!;
      sql += blank(taken);
      rest += sign;
      if (sign in PAIRS) open.push(sign);
      else if (/[)\]}]/.test(sign)) open.pop();
      if (/[{};\n]/.test(sign)) begins = (open.at(-1) ?? '{') === '{';
      else if (/\S/.test(sign)) begins = false;
    }
    at += taken.length;
  }
  const read = sql.trim() === '' ? null : sql;
  const left = /[^\s;]/.exec(rest);
  if (!left) return { sql: read };
  const calls = [...rest.matchAll(CALL)];
  const names = [...new Set(calls.map(([call]) => call))];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  return {
    sql: read,
    code: names.length > 0 ? shown : 'what surrounds it',
    line: lineAt(source, calls[0]?.index ?? left.index),
  };
}

const CODE = /(?:^|\/)migrations?\/(?:[^/]+\/)*[^/]+\.[cm]?[jt]s$/;

/** Files of code below a folder of migrations whose text matches. */
export const codeFiles = (project: Project, mark: RegExp) =>
  project.files.filter(
    (file) => CODE.test(file) && !/\.d\.[cm]?ts$/.test(file) && mark.test(project.read(file)),
  );

/** The parts of a migration in code that come from its file. `opaque` is said where none of it is SQL. */
export function migrationOfCode(project: Project, file: string, opaque: string) {
  const { sql, code, line } = readCode(project.read(file));
  return {
    file,
    up: sql,
    down: null,
    ...(sql === null && { opaque }),
    ...(sql !== null &&
      code !== undefined && { opaque: `${code} in a migration that is code cannot be read` }),
    ...(line !== undefined && { opaqueLine: line }),
    checksum: project.digest(file),
    firstLine: 1,
  };
}

export const byName = (a: string, b: string) => inOrder(nameOf(a), nameOf(b));
