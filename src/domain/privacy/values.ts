import { withoutSecrets } from './passwords';
import { withoutData, withoutRows } from './rows';

const HIDDEN = '***';

/** What is read of a text; a program may print megabytes. */
const LONGEST = 20_000;

/** Behind these words PostgreSQL, and programs that start, name something and quote its name. */
const NAMING =
  /(?:\b(?:constraint|relation|table|column|index|schema|function|procedure|type|domain|enum|database|role|sequence|trigger|policy|view|extension|language|collation|tablespace|publication|subscription|slot|cursor|savepoint|parameter|rule|module|package|command|executable|host|server at|(?:for|as) user)|\b(?:schema|table|column|constraint|code|severity|routine|file|syscall|dataType|schema_name|table_name|column_name|constraint_name|datatype_name|host|level|line)["']?\s*[:=](?:\s*Some\()?)\s*$/i;
const NAME = /^[\p{L}\p{N}_$./:-]{1,130}$/u;

const QUOTES: Record<string, string> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '»': '«',
  '«': '»',
  '„': '“',
  '“': '”',
  '‘': '’',
  '‚': '‘',
  '「': '」',
  '『': '』',
  '(': ')',
};

/** Brackets that hold no value: SQLSTATE, exit codes, places in a program, addresses. */
const PLAIN =
  /^\((?:SQLSTATE[ :=]*\w{5}|exit (?:code|status) \d+|[\d.]+|\w{5}|(?:file:|node:|\/|<|[\w@./-]+:\d+)[^\s()]*)\)/i;
const KEY = /^\([^\n]*?\)=\(\*\*\*\)/;

/** An apostrophe within a word opens nothing, and a bracket behind one belongs to a type or a function. */
const opens = (text: string, at: number): boolean => {
  const character = text[at]!;
  if (!(character in QUOTES)) return false;
  if (at === 0 || !"'(`".includes(character)) return true;
  return !(character === '(' ? /[\w]/ : /[\p{L}\p{N}]/u).test(text[at - 1]!);
};

/** Where the hidden text ends: at the last closing quote of its line, because a value may hold quotes; else at the next one. */
function endOf(text: string, at: number, close: string): number {
  const line = text.indexOf('\n', at);
  const last = text.lastIndexOf(close, line < 0 ? text.length : line);
  if (last > at) return last;
  const next = line < 0 ? -1 : text.indexOf(close, line);
  return next < 0 ? text.length : next;
}

/** Stars for everything between quotes or brackets that is not known to be a name. */
function withoutQuoted(text: string, names: ReadonlySet<string>): string {
  let said = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (!opens(text, at)) {
      said += character;
      continue;
    }
    const close = QUOTES[character]!;
    const rest = text.slice(at);
    const plain = character === '(' ? (PLAIN.exec(rest) ?? KEY.exec(rest))?.[0] : undefined;
    const name = character === '(' ? undefined : text.slice(at + 1, text.indexOf(close, at + 1));
    if (plain) {
      said += plain;
      at += plain.length - 1;
    } else if (name && (names.has(name.trim()) || (NAME.test(name) && NAMING.test(said.slice(-40))))) {
      said += `${character}${name}${close}`;
      at += name.length + 1;
    } else {
      said += `${character}${HIDDEN}${close}`;
      at = endOf(text, at, close);
    }
  }
  return said;
}

/** Statements, which hold values without any quotes; what they are about stays. */
const STATEMENTS =
  /(^\s*(?:select|with|call|do|copy|merge|values)\b(?!:)|\b(?:insert\s+into\s+[\w."]+|update\s+[\w."]+\s+set|delete\s+from\s+[\w."]+|merge\s+into\s+[\w."]+|select\b(?=.*\bfrom\b)|values(?=\s*\()|where(?=\s+[\w."]+\s*(?:[=<>]|in\b|like\b|is\b))))[^\n]*/gim;

const CAPITALS = /\b(SELECT|CALL)\s(?! ?\*\*\*)[^\n]*/g;

/** Parts of PostgreSQL's messages as servers and programs label them. */
const LABEL =
  /(?<![\p{L}\p{N}_"'])(?:(?<error>ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG|LOG|NOTE|TRACE|CRITICAL|SEVERE|EXCEPTION|FEHLER|ERREUR|ERRO|ERRORE|ОШИБКА)|(?<hint>HINT|Hint|TIPP|ASTUCE)|(?<detail>DETAIL|Detail|details?)|(?<context>CONTEXT|Context|Where|KONTEXT|ZUSAMMENHANG|CONTEXTE)|(?<other>LINE \d+|in line \d+|ZEILE \d+|STATEMENT|ANWEISUNG|QUERY|ANFRAGE|Statement|Query|Failed SQL|SQL|parameters|Parameters)|(?<unknown>(?<=^|\n)\s*(?:\p{Lu}{4,}|\p{Lo}{1,8})(?: \d+)?))\s*[::]\s+(?!['"[{]|undefined|null|None|Some)/gu;

/** What a DETAIL may say besides values, and a CONTEXT: else it is a value, or in a language that nobody reads here. */
const DETAIL = /^Key \(.*?\)=\(\*\*\*\)[^\n]*|^Failing row contains \(\*\*\*\)/;
const CONTEXT =
  /^(?:COPY [^\n]+?, line \d+(?:, column [^\n:]+)?|(?:PL\/pgSQL|SQL) function [^\n"]*?(?:"[^"\n]*")?[^\n"]*)/;

/** What a function raised is its author's own words, with any values. Source: PostgreSQL documentation, "Errors and Messages". */
const RAISED = /\bat RAISE\b|\bRaiseException\b|\bP000[0-4]\b/;

function partOf(kind: string, text: string, raised: boolean, names: ReadonlySet<string>): string {
  const cut = (form: RegExp) => form.exec(text)?.[0] ?? HIDDEN;
  const gap = /\s*$/.exec(text)![0];
  if (kind === 'detail') return withoutQuoted(cut(DETAIL), names) + gap;
  if (kind === 'context') return cut(CONTEXT).replace(/: \*\*\*$/, '') + gap;
  if (kind === 'other' || kind === 'unknown' || (raised && text.trim() !== '')) return HIDDEN + gap;
  return withoutQuoted(text.replace(STATEMENTS, `$1 ${HIDDEN}`).replace(CAPITALS, `$1 ${HIDDEN}`), names);
}

function ofText(text: string, names: ReadonlySet<string>): string {
  const known = withoutRows(withoutSecrets(text));
  const raised = RAISED.test(known);
  let [said, kind, from] = ['', 'hint', 0];
  for (const label of known.matchAll(LABEL)) {
    said += partOf(kind, known.slice(from, label.index), raised, names) + label[0];
    kind = Object.entries(label.groups ?? {}).find(([, found]) => found !== undefined)?.[0] ?? 'unknown';
    from = label.index + label[0].length;
  }
  return withoutData(said + partOf(kind, known.slice(from), raised, names));
}

/** Members of what programs log as JSON that hold a name, a number of a program's own, or words. */
const NAMES =
  /^(schema|table|column|constraint|dataType|code|severity|level|routine|file|line|host|hostname|port|name|logger|service|status|statusCode|errno|syscall|address|exitCode|time|timestamp|ts|pid|version)$/i;
const WORDS = /^(msg|message|event|error|err|hint|stack|cause|reason)$/i;

function ofJson(value: unknown, key: string, raised: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => ofJson(one, key, raised));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, ofJson(member, name, raised)]),
    );
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return NAMES.test(key) ? value : HIDDEN;
  if (WORDS.test(key) && !raised) return ofText(String(value), new Set());
  return NAMES.test(key) && NAME.test(String(value)) ? value : HIDDEN;
}

function jsonOf(line: string): object | undefined {
  if (!/^\s*[{[]/.test(line)) return undefined;
  try {
    return JSON.parse(line) as object;
  } catch {
    return undefined;
  }
}

/**
 * What a database or somebody's program said, as a message of ours may quote it: without values and secrets, with the names
 * of constraints, tables and columns. Of a form or a language that is not known nothing is kept that stands between quotes or
 * brackets.
 * @param names what is known to be a name, whatever language it is quoted in
 */
export function withoutValues(text: string, names: readonly string[] = []): string {
  const known = new Set(names);
  const parts: { json?: object; lines: string[] }[] = [];
  for (const line of text.slice(0, LONGEST).split('\n')) {
    const json = jsonOf(line);
    const last = parts.at(-1);
    if (json || !last || last.json) parts.push({ json, lines: [line] });
    else last.lines.push(line);
  }
  return parts
    .map(({ json, lines }) =>
      json ? JSON.stringify(ofJson(json, '', RAISED.test(lines[0]!))) : ofText(lines.join('\n'), known),
    )
    .join('\n');
}

/** An error of PostgreSQL's driver. */
export interface DatabaseError {
  /** SQLSTATE, or the name of a system's error. */
  code?: string;
  message: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
  dataType?: string;
}

/** The code and the first line of an error, with the names that its own members give, in whatever language it is. */
export function databaseSaid({ code = '', message, ...names }: DatabaseError): string {
  const { schema, table, column, constraint, dataType } = names;
  const known = [schema, table, column, constraint, dataType].filter((name) => name !== undefined);
  const words = RAISED.test(code)
    ? 'an exception that code in the database raised'
    : withoutValues(message, known).split('\n')[0]!;
  return [code, words].filter(Boolean).join(': ');
}

/**
 * Why a task was stopped. Of one that somebody stopped the words are theirs, else they are those of Amazon ECS.
 * Source: Amazon ECS API Reference, Task, stopCode.
 */
export const stopReason = ({
  stopCode,
  stoppedReason = '',
}: {
  stopCode?: string;
  stoppedReason?: string;
}) => (stopCode === 'UserInitiated' ? withoutValues(stoppedReason) : withoutSecrets(stoppedReason));
