import { piecesOf } from '../domain/migrations/pieces';

const COMMENTS = /--[^\n]*|\/\*[\s\S]*?\*\/|('(?:[^']|'')*'|"(?:[^"]|"")*")/g;

/**
 * The statements of a text without their comments, in lower case with single blanks. Migration files of some tools have place
 * holders that PostgreSQL's parser refuses; here only the number of statements and their first words count.
 */
export const statementsOf = (sql: string): string[] =>
  piecesOf(sql)
    .statements.map(({ text }) => text.replaceAll(COMMENTS, (_, quoted?: string) => quoted ?? ' '))
    .map((text) => text.trim().replace(/\s+/g, ' ').toLowerCase());

const REFUSES_TRANSACTION =
  /^(create (unique )?index concurrently|drop index concurrently|reindex\b.* concurrently|vacuum|alter system|(create|drop) (database|tablespace))\b/;

/** Whether a statement can only run outside a transaction. */
export const refusesTransaction = (statement: string) => REFUSES_TRANSACTION.test(statement);

/** A file sent as one string runs in an implicit transaction as soon as it has a second statement. */
export const implicitlyTransactional = (sql: string) => statementsOf(sql).length > 1;
