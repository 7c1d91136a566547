/**
 * The forms in which PostgreSQL tells a value of a row or of a parameter. Their names stay: constraint, table, column, type.
 * A value may hold any character, so it ends where nothing else can follow: at the last of the words behind it, or with its line.
 * Source: the messages of PostgreSQL 15 to 18, src/backend.
 */
const FORMS: readonly [RegExp, string][] = [
  // Key (email)=(…) already exists.
  [
    /\)=\(.{0,4000}\)(?=\s+(?:already exists|is duplicated|is not present in|is still referenced from|conflicts with))/gs,
    ')=(***)',
  ],
  // the same in any language, and behind `existing key`
  [/\)=\((?!\*\*\*\))(?:[^\n]*\)|[^\n]*)/g, ')=(***)'],
  // to the end, as a text in a row may go on in the next line
  [/(\bFailing row contains )\((?:(?!\n\s*(?:HINT|CONTEXT|STATEMENT|SCHEMA NAME):).)*/gs, '$1(***)'],
  [
    /(\binvalid input (?:syntax|value) for [^\n:]*?(?:"[^"\n]*")?[^\n:"]*: )(?:\\?"[\s\S]{0,4000}?"(?=\s*(?:\n|$|\(|in line \d))|[^\n]*)/g,
    '$1***',
  ],
  [/(\bvalue )"[^\n]*"(?= is out of range)/g, '$1"***"'],
  [/(\b(?:malformed \w+ literal|out of range|in \w+ representation|invalid \w+ value): )\\?".*/g, '$1***'],
  [/(\bCOPY [^\n,]+, line \d+(?:, column [^\n:,]+)?)(?:: [^\n]*|, [^\n]*)/g, '$1: ***'],
  [/(\bwith parameters: ).*/gs, '$1***'],
];

/** The text with stars for what PostgreSQL quotes of rows and parameters, in its own words. */
export const withoutRows = (text: string): string =>
  FORMS.reduce((said, [form, kept]) => said.replace(form, kept), text);

/** Data by their own form: addresses of people, UUIDs, numbers of customers and cards; a time of 14 digits is a migration's name. */
const DATA =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<![\w.:-])(?!\d{4}-\d\d-\d\d[ T]\d\d:|20\d{12}\b)\d(?:[ -]?\d){5,}(?![\w-])/giu;

/** The text with stars for what is recognised as somebody's data by its form alone. */
export const withoutData = (text: string): string => text.replace(DATA, '***');
