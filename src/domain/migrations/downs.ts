import type { AlterTableCmd, AlterTableStmt } from 'libpg-query';
import { analyse } from './analyse';
import { isContract } from './contract';
import { parse, type Statement } from './parse';
import { loadParser } from './parser';
import { asColumn } from './syntax';
import type { Finding, Manifest, Migration, ReleaseFile } from './types';

/** What taking migrations back would do. */
export type Downs = 'none' | 'lose data' | 'lose nothing';

export interface WayBack {
  /** Newest first; undefined where nobody knows them. */
  migrations: readonly Migration[] | undefined;
  /** Users were on the new version, so what the migrations added may hold what they wrote. */
  served: boolean;
  /** The service has a command that takes migrations back. */
  canRevert: boolean;
  /** What to do with scripts that nobody can look into. */
  opaque: 'allow' | 'refuse';
}

const commandsOf = ({ tag, node }: Statement): [string, AlterTableCmd[]] => {
  if (tag !== 'AlterTableStmt') return ['', []];
  const { relation, cmds = [] } = node as AlterTableStmt;
  const commands = cmds.flatMap((cmd) => ('AlterTableCmd' in cmd ? cmd.AlterTableCmd : []));
  return [`${relation?.schemaname ?? ''}.${relation?.relname}`, commands];
};

const statementsOf = (sql: string | null) => parse(sql ?? '').statements;

/** Columns that the migrations themselves have added, as schema.table.column. */
function added(migrations: readonly Migration[]): Set<string> {
  const columns = migrations
    .flatMap(({ up }) => statementsOf(up))
    .flatMap((statement) => {
      const [table, commands] = commandsOf(statement);
      return commands.flatMap(({ subtype, def }) =>
        subtype === 'AT_AddColumn' ? `${table}.${asColumn(def)?.colname}` : [],
      );
    });
  return new Set(columns);
}

/** Does nothing but drop such columns. */
function dropsOwn(statement: Statement, own: ReadonlySet<string>): boolean {
  const [table, commands] = commandsOf(statement);
  return (
    commands.length > 0 &&
    commands.every(({ subtype, name }) => subtype === 'AT_DropColumn' && own.has(`${table}.${name}`))
  );
}

const CHANGES_ROWS = /^\s*(update|delete|merge)\b/i;

const loses = ({ reversible, class: kind, rule, statement }: Finding): boolean =>
  !reversible || kind === 'irreversible' || (rule.startsWith('write-') && CHANGES_ROWS.test(statement));

/**
 * Assesses down scripts by the same rules as migrations. As long as no user was on the new version, what the run itself has
 * added holds nothing that anybody wrote: the previous version does not know it, and what a migration copied there still is
 * where it came from. Once users were there, only what leaves every row and column alone loses nothing.
 */
export async function assessDowns({ migrations, served, canRevert, opaque }: WayBack): Promise<Downs> {
  if (!canRevert || !migrations) return 'none';
  const seen = migrations.filter(({ up, down }) => up !== null || down !== null);
  if (seen.length < migrations.length && opaque === 'refuse') return 'none';
  if (seen.some(({ down }) => !down?.trim())) return 'none';
  await loadParser();
  const ups: ReleaseFile[] = served ? [] : [...seen].reverse();
  const downs = seen.map((migration) => ({
    ...migration,
    id: `down of ${migration.id}`,
    up: migration.down,
    firstLine: 1,
  }));
  const own = served ? new Set<string>() : added(seen);
  const findings = await analyse([...ups, ...downs], undefined);
  for (const down of downs) {
    const statements = statementsOf(down.up);
    for (const finding of findings.filter(({ migration }) => migration === down.id)) {
      const statement = statements.find(
        ({ line, column }) => line === finding.line && column === finding.column,
      );
      if (statement && dropsOwn(statement, own)) continue;
      if (finding.rule === 'opaque' ? opaque === 'refuse' : loses(finding)) return 'lose data';
    }
  }
  return 'lose nothing';
}

/**
 * What has to be taken back so that nothing is left but what was applied before, newest first; undefined where the release
 * does not tell. A tool that records only its newest migration has applied everything in between as well.
 * @param left what the history names and did not before
 */
export function takenBack(
  manifest: Manifest | undefined,
  before: readonly string[],
  left: readonly string[],
): Migration[] | undefined {
  const migrations = manifest?.migrations.filter((migration) => !isContract(migration)) ?? [];
  const place = (id: string | undefined) => migrations.findIndex((migration) => migration.id === id);
  if (!manifest || left.some((id) => place(id) < 0)) return undefined;
  const [kept, newest] = [place(before.at(-1)), Math.max(...left.map(place), -1)];
  return migrations
    .filter(({ id }, index) => index <= newest && !before.includes(id) && (index > kept || left.includes(id)))
    .reverse();
}
