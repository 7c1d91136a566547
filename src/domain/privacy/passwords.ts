/**
 * Where text holds a password in plain sight: of a role or a foreign server's user (`PASSWORD '…'`), in libpq's keywords
 * (`password=…`), and in a connection URL, where it may hold an `@` and behind `postgres:` a `/` as well.
 * Source: PostgreSQL documentation, CREATE ROLE, CREATE USER MAPPING, and "Connection Strings" of libpq.
 */
const IN_CLAUSE = /\b(password\s*=?\s*E?)(?:'(?:[^'\\]|\\.|'')*'|\$(\w*)\$.*?\$\2\$)/gis;
const IN_KEYWORDS = /((?<![\w-])\w*password\s*=\s*)[^\s'"&;*]+/gi;
const IN_URL = /(:\/\/[^\s:/'"@]*:)[^\s'"/?#]+@/g;
const IN_POSTGRES_URL = /(\bpostgres(?:ql)?:\/\/[^\s:/'"@]*:)[^\s'"]+@/gi;

/**
 * The text with stars for its passwords. What is known of a migration travels: into the manifest, a plan, a message, a
 * pipeline's log. The tool runs its own files, so nothing needs them there.
 */
export const withoutPasswords = (text: string): string =>
  text
    .replace(IN_CLAUSE, "$1'***'")
    .replace(IN_POSTGRES_URL, '$1***@')
    .replace(IN_URL, '$1***@')
    .replace(IN_KEYWORDS, '$1***');

/** What programs call a secret, and what follows it: `token=…`, `"api_key": "…"`, `Authorization: Bearer …`; not an action of AWS Secrets Manager. */
const NAMED =
  /((?<![\w:-])["']?(?!secretsmanager:)[\w-]*(?:passw(?:or)?d|pwd|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|authorization)[\w-]*["']?\s*[:=]\s*)(?:bearer\s+|basic\s+)?("[^"]*"|'[^']*'|[^\s,;&}\])]+)/gi;
/** Tokens by their own form: JSON Web Tokens, and the ids of access keys of AWS. */
const FORMED = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;

/** The text with stars for its passwords, for what it calls a secret, and for tokens. */
export const withoutSecrets = (text: string): string =>
  withoutPasswords(text).replace(NAMED, '$1***').replace(FORMED, '***');
