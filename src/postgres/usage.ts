import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import { LONGEST } from '../domain/migrations/dumps';
import type { CountedStatement, UsageLook } from '../domain/migrations/usage';
import { type DatabaseError, databaseSaid } from '../domain/privacy/values';
import type { Port } from '../domain/step/port';
import { type Looks, lookEverywhere, type ReaderAt } from './readers';
import { readSecret } from './secrets';

/** Who uses relations and routines of a database, whatever they call themselves. */
export interface Usage {
  /**
   * @param roles the application's own, beside the secret's
   * @param names without their schemas; statements that hold none of these words are left out
   * @param since sessions whose last statement is older are left out; an instant of the database's own clock
   * @param readers of the database: each counts what is read there, and nobody else does
   */
  of(
    secret: string,
    roles: string[],
    names: string[],
    since: string,
    readers: readonly ReaderAt[],
  ): Promise<UsageLook | { unreachable: string }>;
}

/**
 * Bounds what a look reads; other roles' statements come first, and those that are called most. As many as the extension
 * keeps by default (PostgreSQL documentation, "pg_stat_statements", pg_stat_statements.max): fewer, and a wide table
 * would keep its contract for later on every busy database.
 */
const MOST = 5_000;

const hidden = "'<insufficient privilege>'";

/** Where the extension stands, if it does. */
const EXTENSION = `
SELECT quote_ident(n.nspname) AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_stat_statements'`;

/** Source: PostgreSQL documentation, "pg_stat_statements"; other roles' texts are for members of pg_read_all_stats. */
const counted = (schema: string) => `
SELECT concat_ws('/', s.userid, s.queryid) AS key, r.rolname AS role, r.rolname = ANY (array_append($2::name[], current_user::name)) AS own,
  sum(s.calls)::float8 AS calls, min(left(s.query, ${LONGEST})) AS text
FROM ${schema}.pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND NOT r.rolsuper
  AND (s.query = ${hidden} OR s.query ~* ANY ($1))
GROUP BY s.userid, s.queryid, r.rolname ORDER BY own, calls DESC LIMIT ${MOST}`;

/** Source: PostgreSQL documentation, "The Cumulative Statistics System", pg_stat_activity. */
const SESSIONS = `
SELECT DISTINCT coalesce(nullif(a.application_name, ''), 'an unnamed application') AS program, r.rolname AS role,
  r.rolname = ANY (array_append($3::name[], current_user::name)) AS own, a.query AS text
FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND NOT r.rolsuper
  AND coalesce(a.backend_type, 'client backend') = 'client backend' AND a.application_name NOT LIKE 'greenlight-%'
  AND (a.query = ${hidden} OR (a.query ~* ANY ($1) AND a.query_start >= $2::timestamptz))
LIMIT ${MOST}`;

const isHidden = ({ text }: { text: string }) => text === hidden.slice(1, -1);

/** PostgreSQL takes long over an expression of thousands of names, refuses one of ten thousand, and keeps 32 at hand. */
const NAMES_AT_ONCE = 200;
const MOST_NAMES = 2_000;

/** Regular expressions of PostgreSQL for any of the names as a word; \m and \M know no é in the locale C. */
export function anyOf(names: string[]): string[] {
  if (names.length > MOST_NAMES) return ['.'];
  const escaped = names.map((name) => name.replace(/[^\p{L}\p{N}_]/gu, '\\$&'));
  const edge = '[^[:alnum:]_]';
  return escaped.flatMap((_, at) =>
    at % NAMES_AT_ONCE === 0
      ? `(^|${edge})(${escaped.slice(at, at + NAMES_AT_ONCE).join('|')})($|${edge})`
      : [],
  );
}

/** An extension whose library is not loaded refuses; what else can be seen is to be seen all the same. */
async function statements(
  client: Client,
  roles: string[],
  names: string[],
): Promise<CountedStatement[] | string> {
  const { rows } = await client.query<{ schema: string }>(EXTENSION);
  if (!rows[0])
    return 'this database has no pg_stat_statements; run CREATE EXTENSION pg_stat_statements in it';
  await client.query('SAVEPOINT counted');
  try {
    return (await client.query<CountedStatement>(counted(rows[0].schema), [anyOf(names), roles])).rows;
  } catch (error) {
    // out of time: the next look may see it
    if ((error as { code?: string }).code === '57014') throw error;
    await client.query('ROLLBACK TO SAVEPOINT counted');
    return `pg_stat_statements cannot be read: ${databaseSaid(error as DatabaseError)}`;
  }
}

async function look(client: Client, roles: string[], names: string[], since: string): Promise<UsageLook> {
  const found = await statements(client, roles, names);
  const sessions = (await client.query<UsageLook['sessions'][number]>(SESSIONS, [anyOf(names), since, roles]))
    .rows;
  const all = typeof found === 'string' ? [] : found;
  const unseen = [
    ...(typeof found === 'string' ? [found] : []),
    ...(all.length === MOST
      ? [`more than ${MOST} statements name them; those that are called least were not read`]
      : []),
    ...([...all, ...sessions].some(isHidden)
      ? ['the statements of other roles are hidden; GRANT pg_read_all_stats to the role of the secret']
      : []),
  ];
  const seen = <T extends { text: string }>(rows: T[]) => rows.filter((row) => !isHidden(row));
  return { counted: seen(all), sessions: seen(sessions), unseen: unseen.join('; ') };
}

/** A statement is counted by each instance that executes it. */
function together(looks: Looks<UsageLook>): UsageLook {
  const all: UsageLook = { counted: [], sessions: [], unseen: '' };
  const unseen: string[] = [];
  for (const { reader, seen } of looks) {
    if ('unreachable' in seen) {
      unseen.push(`reader ${reader} cannot be looked at: ${seen.unreachable}`);
      continue;
    }
    all.counted.push(...seen.counted.map((one) => (reader ? { ...one, key: `${reader}/${one.key}` } : one)));
    all.sessions.push(...seen.sessions);
    if (seen.unseen) unseen.push(reader ? `on reader ${reader} ${seen.unseen}` : seen.unseen);
  }
  return { ...all, unseen: unseen.join('; ') };
}

export const usage: Port<Usage> = {
  inVpc: true,
  grants: readSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      async of(secret, roles, names, since, readers) {
        const looks = await lookEverywhere(secrets, secret, since, readers, (client, instant) =>
          look(client, roles, names, instant),
        );
        return 'unreachable' in looks ? looks : together(looks);
      },
    };
  },
};
