/** Quoted text, comments and dollar quotes of SQL, and the semicolons between. */
const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$[\s\S]*?\$\1\$|;|[^;'"$/-]+|[\s\S]/g;

/**
 * The statements of a text without their comments, in lower case with single blanks. Migration files of some tools have place
 * holders that PostgreSQL's parser refuses; here only the number of statements and their first words count.
 */
export function statementsOf(sql: string): string[] {
  const statements = [''];
  for (const [token] of sql.matchAll(TOKENS)) {
    if (token === ';') statements.push('');
    else if (token.startsWith('--') || token.startsWith('/*')) statements[statements.length - 1] += ' ';
    else statements[statements.length - 1] += token;
  }
  return statements
    .map((text) => text.trim().replace(/\s+/g, ' ').toLowerCase())
    .filter((text) => text !== '');
}

const REFUSES_TRANSACTION =
  /^(create (unique )?index concurrently|drop index concurrently|reindex\b.* concurrently|vacuum|alter system|(create|drop) (database|tablespace))\b/;

/** Whether a statement can only run outside a transaction. */
export const refusesTransaction = (statement: string) => REFUSES_TRANSACTION.test(statement);

/** A file sent as one string runs in an implicit transaction as soon as it has a second statement. */
export const implicitlyTransactional = (sql: string) => statementsOf(sql).length > 1;
