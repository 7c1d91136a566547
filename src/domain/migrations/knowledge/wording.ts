import type { AlterTableCmd, IndexStmt, TypeName } from 'libpg-query';
import { ident, typeSql } from '../names';
import type { Statement } from '../parse';
import { parser } from '../parser';
import { asConstraint, typeOf } from '../syntax';
import type { Subject } from './rule';

/** A type in SQL as people write it. */
export const typeText = (type: TypeName | undefined): string => typeSql(typeOf(type));

/** A name as SQL has it, with its schema and in quotation marks where it needs them. */
export const sqlName = (name: string): string => name.split('.').map(ident).join('.');

/** A text in which blanks are nothing but blanks: no literal, no comment, no name with more than one in a row. */
const PLAIN = /^(?:[^'"$/-]|"(?:[^"\s]| (?! ))*"|-(?!-)|\/(?!\*))*$/;

/** A statement as the user wrote it, without comments and with no more blanks than it needs. */
export function oneLine({ text }: Statement): string {
  // PostgreSQL's scanner is the slowest part of a finding, and few statements need it
  if (PLAIN.test(text)) return text.replaceAll(/\s+/g, ' ').trim();
  const all: readonly { start: number; end: number; text: string; tokenName: string }[] =
    parser().scanSync(text).tokens;
  const tokens = all.filter(({ tokenName }) => !tokenName.endsWith('COMMENT'));
  return tokens
    .map((token, at) => `${token.start > (tokens[at - 1]?.end ?? token.start) ? ' ' : ''}${token.text}`)
    .join('');
}

// What to do instead is a list of lines: a statement, which ends with a semicolon, or a sentence, which ends with a full stop.

export const OUTSIDE = 'Run it outside of a transaction.';

const IN_BATCHES = 'in batches, each in a transaction of its own, outside of the migration.';

/** The end of a column, table or view that a version still uses. */
export const dropsLater = (name: string): string =>
  `First release a version that does not use ${name}, and drop it in a later release.`;

export const addsColumn = (relation: string, name: string, definition: string): string =>
  `ALTER TABLE ${sqlName(relation)} ADD COLUMN ${ident(name)} ${definition};`;

export const setsDefault = (relation: string, name: string, value = '<…>'): string =>
  `ALTER TABLE ${sqlName(relation)} ALTER COLUMN ${ident(name)} SET DEFAULT ${value};`;

export const validatesLater = (relation: string, constraint: string | undefined): string[] => [
  'Validate it in the next migration.',
  `ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${constraint === undefined ? '<…>' : ident(constraint)};`,
];

/** A CHECK for new rows, whose expression only the user knows, and the old rows afterwards. */
export const checksLater = (relation: string, constraint: string): string[] => [
  `ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${ident(constraint)} CHECK (<…>) NOT VALID;`,
  ...validatesLater(relation, constraint),
];

/** The constraint for new rows first, the old ones beside the traffic. */
export function notValidFirst({ relation, node, statement }: Subject<AlterTableCmd>): string[] {
  const name = asConstraint(node.def)?.conname;
  // with a single part the statement's own text is the recipe
  const first = /,\s*ADD\b/i.test(statement.text)
    ? `Add ${name ?? 'the constraint'} as NOT VALID.`
    : `${oneLine(statement)} NOT VALID;`;
  return [first, ...validatesLater(relation, name)];
}

/** A key of an index that is built before. */
export const keyByIndex = (
  relation: string,
  name: string,
  kind: 'UNIQUE' | 'PRIMARY KEY',
  columns: string[],
): string[] => [
  `CREATE UNIQUE INDEX CONCURRENTLY ${ident(name)} ON ${sqlName(relation)} (${columns.map(ident).join(', ')});`,
  'Run it outside of a transaction, and make it the key in the next migration.',
  `ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${ident(name)} ${kind} USING INDEX ${ident(name)};`,
];

/** "unique index items_sku_idx on public.items" */
export const indexOn = ({ idxname, unique }: IndexStmt, relation: string): string =>
  `${unique ? 'unique ' : ''}index ${idxname ? `${idxname} ` : ''}on ${relation}`;

/** "index items_sku_idx of public.items"; where nobody knows the table, its own name stands for it. */
export const indexNamed = ({ name, relation }: Subject): string =>
  name === relation ? `index ${name}` : `index ${name} of ${relation}`;

/** A CREATE INDEX, with the word that is missing. */
export const concurrently = ({ statement }: Subject): string[] => [
  `${oneLine(statement).replace(/\bINDEX\b/i, (word) => `${word} CONCURRENTLY`)};`,
  OUTSIDE,
];

/** Another column that takes the place of one which the live version uses. */
export const columnBeside = (relation: string, old: string, name: string, type: string): string[] => [
  addsColumn(relation, name, type),
  'Write both by a trigger, and fill the old rows in batches.',
  `Read ${name} in the next release, and drop ${old} in a later one.`,
];

/** For what has no form that lets everybody read and write. */
export const tableBeside = (relation: string, difference: string): string =>
  `Make a new table with ${difference}, fill it in batches, and let it take the place of ${relation}.`;

export const updatesInBatches = (relation: string): string[] => [
  `UPDATE ${sqlName(relation)} SET <…> = <…> WHERE <…> BETWEEN <…> AND <…>;`,
  `Run it ${IN_BATCHES}`,
];

export const deletesInBatches = (relation: string): string[] => [
  `DELETE FROM ${sqlName(relation)} WHERE <…> BETWEEN <…> AND <…>;`,
  `Run it for the rows that no version needs, ${IN_BATCHES}`,
];
