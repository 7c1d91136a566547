/** Whom the database's connections belong to. */
export interface Connections {
  /** In use, by anybody. */
  used: number;
  /** `max_connections`, and how many of those only administrators get. */
  most: number;
  reserved: number;
  /** In use by the live version's tasks. */
  live: number;
}

/** The migration, the previous version's trial and the workflow's own looks. */
const WORKFLOW = 4;

/**
 * Why the database has no room for a second version, which opens as many connections as the live one has; undefined where it
 * has. Sessions of a pooler or a proxy are nobody's task, and count as what they are: there already.
 * Source: PostgreSQL documentation, "Connections and Authentication", max_connections (SQLSTATE 53300).
 */
export function noRoom({ used, most, reserved, live }: Connections): string | undefined {
  if (live === 0 || used + live + WORKFLOW <= most - reserved) return undefined;
  return `the database has no room for both versions: ${used} of ${most} connections are in use (${reserved} are reserved), ${live} of them by the live version, and green would open as many; raise max_connections, or make the application's pool smaller`;
}

/**
 * That nobody else gets a connection, as the end of a sentence about who would need one; empty where that is not so.
 * Source: PostgreSQL documentation, "PostgreSQL Error Codes", 53300.
 */
export function fullText(look: Connections | { unreachable: string }): string {
  const full =
    'unreachable' in look ? look.unreachable.includes('53300') : look.used >= look.most - look.reserved;
  if (!full) return '';
  const seen = 'unreachable' in look ? look.unreachable : `${look.used} of ${look.most}`;
  return `; all connections of the database are in use (${seen}): raise max_connections, or make the application's pool smaller`;
}
