/**
 * What may hold a value, whole: a literal, a comment, a number. Names in quotes and `$1` are matched first, so that nothing in them
 * is taken for one. Source: PostgreSQL documentation, "Lexical Structure".
 */
const PARTS =
  /"(?:[^"]|"")*"?|\$\d+|(?:\b[eE])'(?:[^'\\]|''|\\[\s\S])*'?|'(?:[^']|'')*'?|\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?(?:\$\1\$|$)|\/\*[\s\S]*?(?:\*\/|$)|--[^\n]*|(?<![\p{L}\p{N}_$])(?:0[xX][\da-fA-F_]+|\d[\d_.]*(?:[eE][+-]?\d+)?)/gu;
const KEPT = /^(?:"|\$\d)/;
const COMMENT = /^(?:\/\*|--)/;

/** A statement that the server has normalised says what it does, and any other begins with a word that does. */
const NORMALISED = /^[\s(]*(?:select|insert|update|delete|merge|with|values|table)\b/i;
const LONGEST = 160;

/** A statement for people, in one line: names stay; literals, numbers and comments, which utility statements and programs leave in it, go. */
export function statementShown(sql: string): string {
  const plain = sql
    .replace(PARTS, (part) => (COMMENT.test(part) ? ' ' : KEPT.test(part) ? part : '***'))
    .replace(/\s+/g, ' ')
    .trim();
  if (NORMALISED.test(plain)) return plain.length > LONGEST ? `${plain.slice(0, LONGEST)} …` : plain;
  const [first = ''] = plain.split(' ');
  return `${first} …`;
}
