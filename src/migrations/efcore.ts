import { setting } from './configuration';
import { rowsOf } from './history-table';
import { type Printed, printed, scripts } from './printed-script';
import { folderOf, inOrder, nameOf, type Project } from './project';
import { type Session, type ToolRecords, toolOf } from './tool';

const NAME = /^(\d{14}_\w+)\.cs$/;
const HISTORY = '__EFMigrationsHistory';
const RECORDED =
  /INSERT INTO \S*"__EFMigrationsHistory"[^;]*?VALUES \('([^']+)'[^;]*;(?:\s*END IF;\s*END \$\w*\$;)?/g;
const BOOKKEEPING = /INSERT INTO \S*"__EFMigrationsHistory"[^;]*;/g;
const OPAQUE =
  'the migration is C# code; commit the output of "dotnet ef migrations script" as a .sql file of the project';

const isSnapshot = (file: string) => nameOf(file).endsWith('ModelSnapshot.cs');

/** What `dotnet ef migrations script` printed: each migration ends by recording itself. */
function printedMigrations(project: Project): Map<string, Printed> {
  const found = scripts(project, /"__EFMigrationsHistory"/).flatMap((file) => {
    const text = project.read(file);
    // the script begins by making the history table
    const head = /CREATE TABLE IF NOT EXISTS \S*"__EFMigrationsHistory"[\s\S]*?\);/.exec(text);
    let start = head ? head.index + head[0].length : 0;
    return [...text.matchAll(RECORDED)].map((match) => {
      const end = match.index + match[0].length;
      const lines = text.slice(0, start).split('\n').length;
      const piece = printed(file, text.slice(start, end), lines, BOOKKEEPING);
      start = end;
      return [match[1]!, piece] as const;
    });
  });
  return new Map(found);
}

/** Reading would wait for the lock that a running migration holds on the history table. */
async function lockHolder(session: Session, table: string): Promise<string | undefined> {
  const { rows } = await session.query<{ pid: number }>(
    `SELECT pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
      WHERE c.relname = $1 AND l.granted AND l.mode = 'AccessExclusiveLock'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [table.split('.').at(-1)],
  );
  return rows[0] && `backend ${rows[0].pid}`;
}

/** Entity Framework Core with Npgsql; its order is that of the ids, which begin with a time. */
export const efcoreRecords: ToolRecords = {
  name: 'efcore',
  tables: [HISTORY],
  late: 'applied',
  async history(session, table = HISTORY) {
    const locked = await lockHolder(session, table);
    if (locked) return { applied: [], locked };
    const rows = await rowsOf<{ id: string }>(
      session,
      table,
      'SELECT "MigrationId" AS id FROM TABLE ORDER BY 1',
    );
    return { applied: rows };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return `wait until ${problem.by} ends; the lock on ${HISTORY} goes with its transaction`;
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and insert its row into ${HISTORY}`;
      case 'edited':
        return `restore migration ${problem.id} and put the change into a new one; Entity Framework itself does not notice`;
      default:
        return `put migration ${'id' in problem ? problem.id : ''} back into the release`;
    }
  },
};

export const efcore = /* @__PURE__ */ toolOf(efcoreRecords, {
  detect: ({ files }) => files.find(isSnapshot),
  list(project) {
    const folders = new Set(project.files.filter(isSnapshot).map(folderOf));
    if (folders.size !== 1)
      throw new Error(
        `${folders.size} model snapshots of Entity Framework found; name the folder of one project`,
      );
    const sql = printedMigrations(project);
    return project.files
      .filter((file) => folders.has(folderOf(file)) && NAME.test(nameOf(file)))
      .map((file) => {
        const id = NAME.exec(nameOf(file))![1]!;
        const checksum = project.digest(file);
        const known = sql.get(id);
        if (known) return { id, down: null, checksum, ...known };
        const transactional = !/suppressTransaction\s*:\s*true/.test(project.read(file));
        return { id, file, up: null, down: null, opaque: OPAQUE, checksum, transactional, firstLine: 1 };
      })
      .sort((a, b) => inOrder(a.id, b.id));
  },
  historyTable: (project) => setting(project, /\bMigrationsHistoryTable\(\s*"([^"]+)"/, '.cs'),
  apply: () => ['dotnet', 'ef', 'database', 'update'],
  revert: (_, keep) => ({ commands: [['dotnet', 'ef', 'database', 'update', keep ?? '0']] }),
});
