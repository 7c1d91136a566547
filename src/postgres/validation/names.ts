/** Of user schemas, where namespace `n` is in the query. */
export const USER_SCHEMAS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

export const quoted = (...parts: string[]) =>
  parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
