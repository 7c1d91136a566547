import { byName, codeFiles, migrationOfCode } from './code';
import { configured } from './configuration';
import { advisoryLockHolder, rowsOf } from './history-table';
import { nameOf, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

const LOCK = 3853314791062309107n;
const CODE =
  'the migration is code, and Kysely cannot print its SQL without running it; send it by sql`…`.execute() with the SQL as a literal';

const isConfiguration = (file: string) => /^kysely\.config\.[cm]?[jt]s$/.test(nameOf(file));
const files = (project: Project) => codeFiles(project, /\bkysely\b|\bup\s*\(\s*db\b/i);

/**
 * Source: Kysely 0.29, Migrator and PostgresAdapter. All pending migrations run in one transaction, unless
 * `disableTransactions` is set. A run waits an hour for the advisory lock of another one. A name that comes before one
 * already applied is refused.
 */
export const kyselyRecords: ToolRecords = {
  name: 'kysely',
  tables: ['kysely_migration', 'kysely_migration_lock'],
  late: 'refused',
  async history(session, table = 'kysely_migration') {
    const applied = await rowsOf<{ id: string }>(
      session,
      table,
      'SELECT m.name AS id FROM TABLE m ORDER BY m.timestamp, m.name',
    );
    return { applied, locked: await advisoryLockHolder(session, [LOCK]) };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return `wait until ${problem.by} ends; Kysely waits an hour for its lock, which goes with that session`;
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and insert its name and the time into kysely_migration`;
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration; Kysely itself does not notice`;
      case 'late':
        return `give ${problem.file} a name that comes after ${problem.newest}; Kysely refuses the order as it is`;
      default:
        return `put the file of ${problem.id} back into the release; Kysely refuses a folder that lacks it`;
    }
  },
};

export const kysely = /* @__PURE__ */ toolOf(kyselyRecords, {
  detect: (project) =>
    project.files.find(isConfiguration) ??
    codeFiles(project, /\bfrom\s*['"]kysely['"]|require\(['"]kysely['"]\)/)[0],
  historyTable: (project) => configured(project, 'migrationTableName'),
  list(project) {
    const transactional = configured(project, 'disableTransactions') !== 'true';
    return files(project)
      .sort(byName)
      .map((file) => ({
        id: nameOf(file).replace(/\.[^.]+$/, ''),
        transactional,
        ...migrationOfCode(project, file, CODE),
      }));
  },
  apply: () => ['kysely', 'migrate:latest', '--no-outdated-check'],
  revert: (newestFirst) => ({
    commands: newestFirst.map(() => ['kysely', 'migrate:down', '--no-outdated-check']),
  }),
});
