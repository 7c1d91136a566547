/**
 * Where SQL holds a password in plain sight: of a role or a foreign server's user (`PASSWORD '…'`), in libpq's keywords
 * (`password=…`), and in a connection URL.
 * Source: PostgreSQL documentation, CREATE ROLE, CREATE USER MAPPING, and "Connection Strings" of libpq.
 */
const IN_CLAUSE = /\b(password\s*=?\s*E?)(?:'(?:[^']|'')*'|\$(\w*)\$.*?\$\2\$)/gis;
const IN_KEYWORDS = /\b(password\s*=\s*)[^\s'"&;*]+/gi;
const IN_URL = /(:\/\/[^\s:/'"@]+:)[^\s'"@/]+@/g;

/**
 * The SQL with stars for its passwords. What is known of a migration travels: into the manifest, a plan, a message, a
 * pipeline's log. The tool runs its own files, so nothing needs them there.
 */
export const withoutPasswords = (sql: string): string =>
  sql.replace(IN_CLAUSE, "$1'***'").replace(IN_URL, '$1***@').replace(IN_KEYWORDS, '$1***');
